"""Seal the secrets of authenticator apps; sign-ins under way have to begin again."""

import sqlalchemy as sa
from alembic import op

from shared.seal import seal_for

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

USERS = sa.table("users", sa.column("id", sa.String), sa.column("totp_secret", sa.Text))


def upgrade() -> None:
    op.execute("DELETE FROM challenges")
    with op.batch_alter_table("challenges") as batch_op:
        batch_op.alter_column("new_secret", existing_type=sa.String(64), type_=sa.Text())
    with op.batch_alter_table("users") as batch_op:
        batch_op.alter_column("totp_secret", existing_type=sa.String(64), type_=sa.Text())
    _seal()


def _seal() -> None:
    connection = op.get_bind()
    enrolled = sa.select(USERS).where(USERS.c.totp_secret.is_not(None))
    for user in connection.execute(enrolled).all():
        sealed = seal_for("second factor").close(user.totp_secret)
        connection.execute(sa.update(USERS).where(USERS.c.id == user.id).values(totp_secret=sealed))
