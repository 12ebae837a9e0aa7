"""Keep which teaching set each candidate is in, for people who are restricted to some."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "teaching_sets",
        sa.Column("centre_no", sa.String(length=5), nullable=False),
        sa.Column("paper_id", sa.String(length=64), nullable=False),
        sa.Column("candidate_no", sa.String(length=4), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("centre_no", "paper_id", "candidate_no"),
    )
    with op.batch_alter_table("teaching_sets") as batch_op:
        batch_op.create_index("ix_teaching_sets_name", ["centre_no", "name"], unique=False)
