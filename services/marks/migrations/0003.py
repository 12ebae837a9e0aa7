"""Keep the centre's acknowledgement of a clerical error."""

import sqlalchemy as sa
from alembic import op

import shared.db

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("clerical_errors", schema=None) as batch_op:
        batch_op.add_column(sa.Column("acknowledged_by_id", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("acknowledged_by", sa.String(length=200), nullable=True))
        batch_op.add_column(
            sa.Column("acknowledged_at", shared.db.UTCDateTime(timezone=True), nullable=True)
        )
