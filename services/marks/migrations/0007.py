"""Keep how far the sequences of EDI files have come."""

import sqlalchemy as sa
from alembic import op

import shared.db

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "edi_sequences",
        sa.Column("series", sa.String(length=20), nullable=False),
        sa.Column("body", sa.String(length=2), nullable=False),
        sa.Column("centre_no", sa.String(length=5), nullable=False),
        sa.Column("type", sa.String(length=1), nullable=False),
        sa.Column("last", sa.Integer(), nullable=True),
        sa.Column("at", shared.db.UTCDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("series", "body", "centre_no", "type"),
    )
