"""Keep deadlines, and what centres were reminded of."""

import sqlalchemy as sa
from alembic import op

import shared.db

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reminders",
        sa.Column("centre_no", sa.String(length=5), nullable=False),
        sa.Column("paper_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("deadline", sa.Date(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("at", shared.db.UTCDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("centre_no", "paper_id", "kind", "deadline", "step"),
    )
    with op.batch_alter_table("papers", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("upload", sa.String(length=10), nullable=False, server_default="none")
        )
        batch_op.add_column(sa.Column("marks_deadline", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("evidence_until", sa.Date(), nullable=True))
    with op.batch_alter_table("candidates", schema=None) as batch_op:
        batch_op.create_index("ix_candidates_paper", ["paper_id", "centre_no"])
