"""Keep a qualification as long as marks may tell it."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("papers") as batch_op:
        batch_op.alter_column(
            "qualification", existing_type=sa.String(200), type_=sa.String(255), nullable=False
        )
