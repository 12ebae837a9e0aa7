"""Make the tables of marks."""

import sqlalchemy as sa
from alembic import op

import shared.db

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "clerical_errors",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("centre_no", sa.String(length=5), nullable=False),
        sa.Column("paper_id", sa.String(length=32), nullable=False),
        sa.Column("candidate_no", sa.String(length=4), nullable=False),
        sa.Column("tasks", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("original", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.String(length=32), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("at", shared.db.UTCDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("clerical_errors", schema=None) as batch_op:
        batch_op.create_index(
            "ix_clerical_errors", ["centre_no", "paper_id", "candidate_no"], unique=False
        )

    op.create_table(
        "mark_changes",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("centre_no", sa.String(length=5), nullable=False),
        sa.Column("paper_id", sa.String(length=32), nullable=False),
        sa.Column("candidate_no", sa.String(length=4), nullable=False),
        sa.Column("at", shared.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.String(length=32), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("how", sa.String(length=20), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("mark_changes", schema=None) as batch_op:
        batch_op.create_index(
            "ix_mark_changes", ["centre_no", "paper_id", "candidate_no", "id"], unique=False
        )

    op.create_table(
        "papers",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("series_month", sa.String(length=9), nullable=False),
        sa.Column("series_year", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("unit", sa.String(length=255), nullable=False),
        sa.Column("qualification", sa.String(length=255), nullable=False),
        sa.Column("board", sa.String(length=255), nullable=False),
        sa.Column("tasks", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("outcomes", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("not_classified", sa.String(length=255), nullable=False),
        sa.Column("linear", sa.Boolean(), nullable=False),
        sa.Column("initials_required", sa.Boolean(), nullable=False),
        sa.Column("sample_policy", sa.String(length=60), nullable=False),
        sa.Column("upload", sa.String(length=10), nullable=False),
        sa.Column("evidence_pieces", sa.JSON(), nullable=False),
        sa.Column("work_to", sa.String(length=255), nullable=True),
        sa.Column("tolerance", sa.Integer(), nullable=False),
        sa.Column("marks_deadline", sa.Date(), nullable=False),
        sa.Column("sample_deadline", sa.Date(), nullable=False),
        sa.Column("evidence_until", sa.Date(), nullable=False),
        sa.Column("results_day", shared.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("linked", sa.JSON(), nullable=False),
        sa.Column("consortia", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("papers", schema=None) as batch_op:
        batch_op.create_index(
            "uq_papers_code", ["series_year", "series_month", "code"], unique=True
        )

    op.create_table(
        "sheets",
        sa.Column("centre_no", sa.String(length=5), nullable=False),
        sa.Column("paper_id", sa.String(length=32), nullable=False),
        sa.Column("cursor", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["paper_id"],
            ["papers.id"],
        ),
        sa.PrimaryKeyConstraint("centre_no", "paper_id"),
    )
    with op.batch_alter_table("sheets", schema=None) as batch_op:
        batch_op.create_index("ix_sheets_paper", ["paper_id"], unique=False)

    op.create_table(
        "candidates",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("centre_no", sa.String(length=5), nullable=False),
        sa.Column("paper_id", sa.String(length=32), nullable=False),
        sa.Column("candidate_no", sa.String(length=4), nullable=False),
        sa.Column("uci", sa.String(length=13), nullable=False),
        sa.Column("surname", sa.String(length=255), nullable=False),
        sa.Column("forenames", sa.String(length=255), nullable=False),
        sa.Column("surname_key", sa.Text(), nullable=False),
        sa.Column("dob", sa.Date(), nullable=False),
        sa.Column("teaching_set", sa.String(length=255), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("tasks", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("code", sa.String(length=2), nullable=True),
        sa.Column("outcome", sa.String(length=255), nullable=True),
        sa.Column("initials", sa.String(length=6), nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("effective_total", sa.Integer(), nullable=True),
        sa.Column("standing", sa.Integer(), nullable=False),
        sa.Column("started", sa.Boolean(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed", sa.BigInteger(), nullable=False),
        sa.Column("submission", sa.Integer(), nullable=True),
        sa.Column("clerical_error", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("sample_chosen_by", sa.String(length=10), nullable=True),
        sa.Column("sample_reason", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["centre_no", "paper_id"],
            ["sheets.centre_no", "sheets.paper_id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("candidates", schema=None) as batch_op:
        batch_op.create_index(
            "ix_candidates_changed", ["centre_no", "paper_id", "changed"], unique=False
        )
        batch_op.create_index(
            "uq_candidates_no", ["centre_no", "paper_id", "candidate_no"], unique=True
        )

    op.create_table(
        "submissions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("centre_no", sa.String(length=5), nullable=False),
        sa.Column("paper_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("submitted_at", shared.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.String(length=32), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("candidates", sa.Integer(), nullable=False),
        sa.Column("declarations", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["centre_no", "paper_id"],
            ["sheets.centre_no", "sheets.paper_id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("submissions", schema=None) as batch_op:
        batch_op.create_index("uq_submissions", ["centre_no", "paper_id", "number"], unique=True)
