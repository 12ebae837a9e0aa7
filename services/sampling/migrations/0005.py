"""Keep which submission a sample follows, so that one that a later one will change can be told."""

import sqlalchemy as sa
from alembic import op

import shared.db

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "sheets",
        sa.Column("last_submitted_at", shared.db.UTCDateTime(timezone=True), nullable=True),
    )
