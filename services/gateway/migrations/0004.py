"""Keep with an event the teaching sets of the candidates it names."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("live_events") as batch_op:
        batch_op.add_column(sa.Column("sets", sa.JSON(), nullable=True))
