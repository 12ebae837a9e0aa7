"""Make all reports of a centre beside the requests, and keep them for who asked."""

import sqlalchemy as sa
from alembic import op

import shared.db

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bundles",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("asked_by", sa.String(length=64), nullable=False),
        sa.Column("centre_no", sa.String(length=5), nullable=False),
        sa.Column("format", sa.String(length=3), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("claims", sa.JSON(), nullable=False),
        sa.Column("papers", sa.JSON(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("asked_at", shared.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("held_until", shared.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("ready_at", shared.db.UTCDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("asked_by", "centre_no", "format"),
    )
    op.create_index("ix_bundles_asked_at", "bundles", ["asked_at"])
    op.create_table(
        "bundle_parts",
        sa.Column("bundle_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("bundle_id", "number"),
    )
