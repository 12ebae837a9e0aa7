"""Keep which files their uploader has had a receipt of; those that are there count as told."""

import sqlalchemy as sa
from alembic import op

import shared.db

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("files", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("receipted_at", shared.db.UTCDateTime(timezone=True), nullable=True)
        )
        batch_op.create_index("ix_files_receipt", ["receipted_at", "uploaded_at"], unique=False)
    op.execute("UPDATE files SET receipted_at = uploaded_at")
