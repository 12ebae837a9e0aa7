"""Keep the marks of those whom a later submission left out: they may be entered again."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "submitted_candidates",
        sa.Column("left_out", sa.BigInteger(), server_default="0", nullable=False),
    )
