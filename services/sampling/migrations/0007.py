"""Keep the full title of a paper."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("papers", sa.Column("full_title", sa.Text(), nullable=True))
