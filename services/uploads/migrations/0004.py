"""Know the series of a paper, and which files' content is removed for good."""

import re

import sqlalchemy as sa
from alembic import op

import shared.db

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SERIES = re.compile(
    r"\b(?:JANUARY|FEBRUARY|MARCH|APRIL|MAY|JUNE|JULY|AUGUST|SEPTEMBER|OCTOBER|NOVEMBER|DECEMBER)"
    r" \d{4}\b"
)


def upgrade() -> None:
    with op.batch_alter_table("files", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("purged_at", shared.db.UTCDateTime(timezone=True), nullable=True)
        )
    with op.batch_alter_table("papers", schema=None) as batch_op:
        batch_op.add_column(sa.Column("series", sa.String(length=30), nullable=True))
    _name_series()
    with op.batch_alter_table("papers", schema=None) as batch_op:
        batch_op.alter_column("series", existing_type=sa.String(length=30), nullable=False)
        batch_op.create_index("ix_papers_series", ["series"], unique=False)


def _name_series() -> None:
    """The title of a paper names its series."""
    connection = op.get_bind()
    papers = sa.table("papers", sa.column("id"), sa.column("title"), sa.column("series"))
    for paper_id, title in connection.execute(sa.select(papers.c.id, papers.c.title)).all():
        found = SERIES.search(title)
        named = papers.update().where(papers.c.id == paper_id)
        connection.execute(named.values(series=found[0] if found else ""))
