"""Keep when a file was last looked at for viruses in vain: it goes behind those that were not."""

import sqlalchemy as sa
from alembic import op

import shared.db

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("files", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("tried_at", shared.db.UTCDateTime(timezone=True), nullable=True)
        )
