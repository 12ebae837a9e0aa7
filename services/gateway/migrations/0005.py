"""Keep with a session the centre that board staff look at, and the token for it."""

import sqlalchemy as sa
from alembic import op

import shared.db

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("browser_sessions") as batch_op:
        batch_op.add_column(sa.Column("looking_as", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("looking_token", sa.Text(), nullable=True))
        batch_op.add_column(
            sa.Column("looking_until", shared.db.UTCDateTime(timezone=True), nullable=True)
        )
