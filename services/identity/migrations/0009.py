"""Count wrong codes of an account and a sign-in, and sign-ins refused to no account."""

import sqlalchemy as sa
from alembic import op

import shared.db

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("users", "challenges"):
        with op.batch_alter_table(table) as batch_op:
            batch_op.add_column(
                sa.Column("wrong_codes", sa.BigInteger(), nullable=False, server_default="0")
            )
        with op.batch_alter_table(table) as batch_op:
            batch_op.alter_column("wrong_codes", existing_type=sa.BigInteger(), server_default=None)
    op.create_table(
        "refusals",
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("hour", shared.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("times", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("address", "hour"),
    )
