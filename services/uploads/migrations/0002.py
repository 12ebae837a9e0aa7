"""Keep the status of a file, what was found in it, and what it may be shown as."""

import sqlalchemy as sa
from alembic import op

import shared.db

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("files", schema=None) as batch_op:
        batch_op.add_column(sa.Column("status", sa.String(length=10), nullable=True))
        batch_op.add_column(
            sa.Column("status_at", shared.db.UTCDateTime(timezone=True), nullable=True)
        )
        batch_op.add_column(sa.Column("finding", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("shown_as", sa.String(length=255), nullable=True))
    op.execute("UPDATE files SET status = 'accepted', status_at = uploaded_at")
    with op.batch_alter_table("files", schema=None) as batch_op:
        batch_op.alter_column("status", existing_type=sa.String(length=10), nullable=False)
        batch_op.alter_column(
            "status_at", existing_type=shared.db.UTCDateTime(timezone=True), nullable=False
        )
        batch_op.create_index("ix_files_status", ["status", "uploaded_at"], unique=False)
