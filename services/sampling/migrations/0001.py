"""Make the tables of sampling."""

import sqlalchemy as sa
from alembic import op

import shared.db

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "entered_papers",
        sa.Column("centre_no", sa.String(length=5), nullable=False),
        sa.Column("paper_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("centre_no", "paper_id"),
    )
    op.create_table(
        "evidence_files",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("centre_no", sa.String(length=5), nullable=False),
        sa.Column("paper_id", sa.String(length=64), nullable=False),
        sa.Column("candidate_no", sa.String(length=4), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("evidence_files", schema=None) as batch_op:
        batch_op.create_index(
            "ix_evidence_files_sheet", ["centre_no", "paper_id", "candidate_no"], unique=False
        )

    op.create_table(
        "papers",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("policy", sa.String(length=60), nullable=False),
        sa.Column("outcomes", sa.JSON(), nullable=False),
        sa.Column("not_classified", sa.String(length=60), nullable=False),
        sa.Column("linked", sa.JSON(), nullable=False),
        sa.Column("upload", sa.String(length=10), nullable=False),
        sa.Column("sample_deadline", sa.Date(), nullable=False),
        sa.Column("evidence_until", sa.Date(), nullable=False),
        sa.Column("results_day", shared.db.UTCDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "sheets",
        sa.Column("centre_no", sa.String(length=5), nullable=False),
        sa.Column("paper_id", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("policy", sa.String(length=60), nullable=False),
        sa.Column("submitted_at", shared.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("generated_at", shared.db.UTCDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"]),
        sa.PrimaryKeyConstraint("centre_no", "paper_id"),
    )
    with op.batch_alter_table("sheets", schema=None) as batch_op:
        batch_op.create_index("ix_sheets_paper", ["paper_id", "state"], unique=False)

    op.create_table(
        "notes",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("centre_no", sa.String(length=5), nullable=False),
        sa.Column("paper_id", sa.String(length=64), nullable=False),
        sa.Column("by_id", sa.String(length=32), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("at", shared.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["centre_no", "paper_id"], ["sheets.centre_no", "sheets.paper_id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("notes", schema=None) as batch_op:
        batch_op.create_index("ix_notes_sheet", ["centre_no", "paper_id"], unique=False)

    op.create_table(
        "submitted_candidates",
        sa.Column("centre_no", sa.String(length=5), nullable=False),
        sa.Column("paper_id", sa.String(length=64), nullable=False),
        sa.Column("candidate_no", sa.String(length=4), nullable=False),
        sa.Column("mark", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(length=2), nullable=True),
        sa.Column("outcome", sa.String(length=60), nullable=True),
        sa.Column("initials", sa.String(length=6), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["centre_no", "paper_id"], ["sheets.centre_no", "sheets.paper_id"]),
        sa.PrimaryKeyConstraint("centre_no", "paper_id", "candidate_no"),
    )
    op.create_table(
        "sampled_candidates",
        sa.Column("centre_no", sa.String(length=5), nullable=False),
        sa.Column("paper_id", sa.String(length=64), nullable=False),
        sa.Column("candidate_no", sa.String(length=4), nullable=False),
        sa.Column("chosen_by", sa.String(length=10), nullable=False),
        sa.Column("reason_code", sa.String(length=20), nullable=False),
        sa.Column("reason_values", sa.JSON(), nullable=False),
        sa.Column("at", shared.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("note_id", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["centre_no", "paper_id"], ["sheets.centre_no", "sheets.paper_id"]),
        sa.ForeignKeyConstraint(["note_id"], ["notes.id"]),
        sa.PrimaryKeyConstraint("centre_no", "paper_id", "candidate_no"),
    )
