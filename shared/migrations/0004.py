"""Keep with the access version of a user what they may do since, for tokens that are older."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("access_versions") as batch_op:
        batch_op.add_column(sa.Column("version", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("grants", sa.JSON(), nullable=True))
    op.execute("UPDATE access_versions SET version = minimum")
    with op.batch_alter_table("access_versions") as batch_op:
        batch_op.alter_column("version", existing_type=sa.BigInteger(), nullable=False)
