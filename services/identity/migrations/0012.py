"""Keep when password and code of a session were given last."""

import sqlalchemy as sa
from alembic import op

import shared.db

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

INSTANT = shared.db.UTCDateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("families") as batch_op:
        batch_op.add_column(sa.Column("authenticated_at", INSTANT, nullable=True))
    op.execute("UPDATE families SET authenticated_at = started_at")
    with op.batch_alter_table("families") as batch_op:
        batch_op.alter_column("authenticated_at", existing_type=INSTANT, nullable=False)
