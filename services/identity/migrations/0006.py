"""Seal the private signing keys, and plan from when each signs."""

import sqlalchemy as sa
from alembic import op

import shared.db
from shared.seal import seal_for

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

INSTANT = shared.db.UTCDateTime(timezone=True)
KEYS = sa.table(
    "signing_keys_private",
    sa.column("kid", sa.String),
    sa.column("pem", sa.Text),
    sa.column("created_at", INSTANT),
    sa.column("signs_from", INSTANT),
)


def upgrade() -> None:
    with op.batch_alter_table("signing_keys_private") as batch_op:
        batch_op.add_column(sa.Column("signs_from", INSTANT, nullable=True))
    connection = op.get_bind()
    for key in connection.execute(sa.select(KEYS.c.kid, KEYS.c.pem)).all():
        sealed = seal_for("signing key").close(key.pem)
        change = sa.update(KEYS).where(KEYS.c.kid == key.kid)
        connection.execute(change.values(pem=sealed, signs_from=KEYS.c.created_at))
    with op.batch_alter_table("signing_keys_private") as batch_op:
        batch_op.alter_column("signs_from", existing_type=INSTANT, nullable=False)
