"""Keep whose entry was withdrawn: no evidence of theirs is awaited.

`iamis republish --service marks --to uploads` tells it of those withdrawn before.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "entered_candidates",
        sa.Column("centre_no", sa.String(length=5), nullable=False),
        sa.Column("paper_id", sa.String(length=64), nullable=False),
        sa.Column("candidate_no", sa.String(length=4), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("centre_no", "paper_id", "candidate_no"),
    )
