"""Keep when candidates were entered and withdrawn."""

import sqlalchemy as sa
from alembic import op

import shared.db

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("candidates", schema=None) as batch_op:
        for name in ("entered_at", "withdrawn_at"):
            batch_op.add_column(sa.Column(name, shared.db.UTCDateTime(timezone=True)))
