"""Know which moderators' reports were announced to their centres."""

import sqlalchemy as sa
from alembic import op

import shared.db

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("moderator_reports", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("announced_at", shared.db.UTCDateTime(timezone=True), nullable=True)
        )
        batch_op.create_index("ix_moderator_reports_announced", ["announced_at"], unique=False)
