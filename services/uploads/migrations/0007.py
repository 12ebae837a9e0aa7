"""Let copies of the release before, which know nothing of `about`, go on adding rows."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("files", "transfers"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column("about", existing_type=sa.JSON(), server_default="{}")
