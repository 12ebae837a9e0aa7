"""Keep what users are restricted to, and the qualification of each paper."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

PAPERS = sa.table(
    "papers",
    sa.column("id", sa.String),
    sa.column("full_title", sa.Text),
    sa.column("series", sa.JSON),
    sa.column("qualification", sa.String),
)


def upgrade() -> None:
    with op.batch_alter_table("memberships") as batch_op:
        batch_op.add_column(
            sa.Column("restrictions", sa.JSON(), nullable=False, server_default="{}")
        )
    with op.batch_alter_table("papers") as batch_op:
        batch_op.add_column(
            sa.Column("qualification", sa.String(200), nullable=False, server_default="")
        )
    _fill_qualifications()
    with op.batch_alter_table("memberships") as batch_op:
        batch_op.alter_column("restrictions", server_default=None)
    with op.batch_alter_table("papers") as batch_op:
        batch_op.alter_column("qualification", server_default=None)


def _fill_qualifications() -> None:
    """A full title begins with the qualification and the series."""
    connection = op.get_bind()
    for paper in connection.execute(sa.select(PAPERS)).all():
        series = f" {paper.series['month']} {paper.series['year']} "
        qualification = paper.full_title.partition(series)[0]
        change = sa.update(PAPERS).where(PAPERS.c.id == paper.id)
        connection.execute(change.values(qualification=qualification))
