"""Keep when somebody left a centre: what they do since is no concern of its trail."""

import sqlalchemy as sa
from alembic import op

import shared.db

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("memberships") as batch_op:
        batch_op.add_column(
            sa.Column("left_at", shared.db.UTCDateTime(timezone=True), nullable=True)
        )
    op.execute("UPDATE memberships SET left_at = CURRENT_TIMESTAMP WHERE status = 'deactivated'")
