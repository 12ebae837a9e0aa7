"""Keep when marks was last heard of a subject; so far, when anybody was heard last."""

import sqlalchemy as sa
from alembic import op

import shared.db

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "heard",
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("at", shared.db.UTCDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("subject"),
    )
    op.create_index("ix_heard_at", "heard", ["at"])
    op.execute(
        "INSERT INTO heard (subject, at) SELECT 'before', max(handled_at) FROM inbox"
        " HAVING max(handled_at) IS NOT NULL"
    )
