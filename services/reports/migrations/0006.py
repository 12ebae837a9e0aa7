"""Keep what became of the marks in moderation, to be shown from results day."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("candidates", schema=None) as batch_op:
        batch_op.add_column(sa.Column("moderated_total", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("moderated_outcome", sa.String(length=255), nullable=True))
        batch_op.add_column(
            sa.Column("moderation_sequence", sa.BigInteger(), nullable=False, server_default="0")
        )
