"""Keep events for listeners, and what tells who may be told of them."""

import sqlalchemy as sa
from alembic import op

import shared.db

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "live_events",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("centre_no", sa.String(length=5), nullable=True),
        sa.Column("paper_id", sa.String(length=64), nullable=True),
        sa.Column("held", sa.String(length=10), nullable=False),
        sa.Column("frame", sa.LargeBinary(), nullable=False),
        sa.Column("at", shared.db.UTCDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
    )
    with op.batch_alter_table("live_events", schema=None) as batch_op:
        batch_op.create_index(
            "uq_live_events", ["source", "subject", "sequence", "held"], unique=True
        )
        batch_op.create_index("ix_live_events_centre", ["centre_no", "seq"], unique=False)
        batch_op.create_index("ix_live_events_paper", ["paper_id", "seq"], unique=False)
        batch_op.create_index(batch_op.f("ix_live_events_at"), ["at"], unique=False)

    op.create_table(
        "held_events",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("paper_id", sa.String(length=64), nullable=False),
        sa.Column("row", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("held_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_held_events_paper_id"), ["paper_id"], unique=False)

    op.create_table(
        "known_papers",
        sa.Column("paper_id", sa.String(length=64), nullable=False),
        sa.Column("results_day", shared.db.UTCDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("paper_id"),
    )
    with op.batch_alter_table("known_papers", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_known_papers_results_day"), ["results_day"], unique=False
        )

    op.create_table(
        "known_sheets",
        sa.Column("centre_no", sa.String(length=5), nullable=False),
        sa.Column("paper_id", sa.String(length=64), nullable=False),
        sa.Column("submitted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("centre_no", "paper_id"),
    )
    with op.batch_alter_table("known_sheets", schema=None) as batch_op:
        batch_op.create_index("ix_known_sheets_paper", ["paper_id"], unique=False)
