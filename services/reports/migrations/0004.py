"""Know submissions that were undone, and what became of amendments that were asked for."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("submissions", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("reopened", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("candidates", schema=None) as batch_op:
        batch_op.add_column(sa.Column("amendment", sa.String(length=10), nullable=True))
        batch_op.add_column(
            sa.Column("amendment_sequence", sa.BigInteger(), nullable=False, server_default="0")
        )
