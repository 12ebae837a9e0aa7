"""Keep with each row of the audit trail which centre it is about."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

AUDIT = sa.table(
    "audit",
    sa.column("id", sa.String),
    sa.column("subject", sa.String),
    sa.column("before", sa.JSON),
    sa.column("after", sa.JSON),
    sa.column("centre_no", sa.String),
)


def upgrade() -> None:
    with op.batch_alter_table("audit") as batch_op:
        batch_op.add_column(sa.Column("centre_no", sa.String(5), nullable=True))
    connection = op.get_bind()
    for row in connection.execute(sa.select(AUDIT)).all():
        first = row.subject.partition("/")[0]
        named = row.after.get("centre_no") or row.before.get("centre_no")
        centre_no = named or (first if first.isdecimal() else "")
        change = sa.update(AUDIT).where(AUDIT.c.id == row.id)
        connection.execute(change.values(centre_no=centre_no))
    with op.batch_alter_table("audit") as batch_op:
        batch_op.alter_column("centre_no", existing_type=sa.String(5), nullable=False)
        batch_op.create_index("ix_audit_centre", ["centre_no", "at"])
