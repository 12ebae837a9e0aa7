"""Know each entry, so that a paper whose entries were all withdrawn is not waited for; consortia.

After it, `iamis republish --service marks --to sampling` tells the entries there are.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
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
    op.drop_table("entered_papers")
    with op.batch_alter_table("papers", schema=None) as batch_op:
        batch_op.add_column(sa.Column("consortia", sa.JSON(), nullable=False, server_default="[]"))
