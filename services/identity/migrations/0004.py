"""Fold names for search as every service does: stroked letters and apostrophes, too."""

import sqlalchemy as sa
from alembic import op

from shared.folding import folded

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

USERS = sa.table(
    "users",
    sa.column("id", sa.String),
    sa.column("first_name", sa.String),
    sa.column("last_name", sa.String),
    sa.column("search_key", sa.Text),
)


def upgrade() -> None:
    connection = op.get_bind()
    change = sa.update(USERS).where(USERS.c.id == sa.bindparam("user_id"))
    rows = [
        {"user_id": user.id, "key": folded(user.last_name, user.first_name)}
        for user in connection.execute(sa.select(USERS))
    ]
    if rows:
        connection.execute(change.values(search_key=sa.bindparam("key")), rows)
