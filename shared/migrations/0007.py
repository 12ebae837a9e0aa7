"""Keep which sessions of a user are over, and to whom a mail is."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("access_versions") as batch_op:
        batch_op.add_column(sa.Column("ended_sessions", sa.JSON(), nullable=True))
    with op.batch_alter_table("mails") as batch_op:
        batch_op.add_column(
            sa.Column("reader_id", sa.String(length=32), nullable=False, server_default="")
        )
        batch_op.create_index("ix_mails_reader", ["reader_id", "queued_at"], unique=False)
