"""Keep what the board says of a moderator's report, and of which version."""

import sqlalchemy as sa
from alembic import op

import shared.db

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

UNDECIDED = sa.text("decided_version < version")


def upgrade() -> None:
    with op.batch_alter_table("moderator_reports", schema=None) as batch_op:
        batch_op.add_column(sa.Column("decision", sa.String(length=10), nullable=True))
        batch_op.add_column(
            sa.Column("decided_version", sa.Integer(), server_default="0", nullable=False)
        )
        batch_op.add_column(
            sa.Column("decided_at", shared.db.UTCDateTime(timezone=True), nullable=True)
        )
        batch_op.add_column(sa.Column("decided_by", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("decided_by_id", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("comment", sa.Text(), nullable=True))
    op.create_index("ix_moderator_reports_decision", "moderator_reports", ["decision"])
    op.create_index(
        "ix_moderator_reports_waiting",
        "moderator_reports",
        ["paper_id"],
        sqlite_where=UNDECIDED,
        postgresql_where=UNDECIDED,
    )
