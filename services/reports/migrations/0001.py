"""Make the tables of reports."""

import sqlalchemy as sa
from alembic import op

import shared.db

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "candidates",
        sa.Column("centre_no", sa.String(length=5), nullable=False),
        sa.Column("paper_id", sa.String(length=64), nullable=False),
        sa.Column("candidate_no", sa.String(length=4), nullable=False),
        sa.Column("surname", sa.String(length=255), nullable=False),
        sa.Column("forenames", sa.String(length=255), nullable=False),
        sa.Column("dob", sa.Date(), nullable=True),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("entry_sequence", sa.BigInteger(), nullable=False),
        sa.Column("tasks", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("effective_total", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(length=2), nullable=True),
        sa.Column("outcome", sa.String(length=255), nullable=True),
        sa.Column("initials", sa.String(length=40), nullable=False),
        sa.Column("mark_sequence", sa.BigInteger(), nullable=False),
        sa.Column("clerical_tasks", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("clerical_total", sa.Integer(), nullable=False),
        sa.Column("clerical_sequence", sa.BigInteger(), nullable=False),
        sa.Column("chosen_by", sa.String(length=10), nullable=True),
        sa.Column("sample_sequence", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("centre_no", "paper_id", "candidate_no"),
    )
    op.create_table(
        "evidence_files",
        sa.Column("file_id", sa.String(length=64), nullable=False),
        sa.Column("centre_no", sa.String(length=5), nullable=False),
        sa.Column("paper_id", sa.String(length=64), nullable=False),
        sa.Column("candidate_no", sa.String(length=4), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("file_id"),
    )
    with op.batch_alter_table("evidence_files", schema=None) as batch_op:
        batch_op.create_index(
            "ix_evidence_files_candidate", ["centre_no", "paper_id"], unique=False
        )

    op.create_table(
        "papers",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("unit", sa.String(length=255), nullable=False),
        sa.Column("full_title", sa.String(length=1000), nullable=False),
        sa.Column("qualification", sa.String(length=255), nullable=False),
        sa.Column("series", sa.JSON(), nullable=False),
        sa.Column("tasks", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("outcomes", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("initials_required", sa.Boolean(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "submissions",
        sa.Column("centre_no", sa.String(length=5), nullable=False),
        sa.Column("paper_id", sa.String(length=64), nullable=False),
        sa.Column("submitted_at", shared.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("centre_no", "paper_id"),
    )
