"""Let people accept what they are invited to, and count invitations."""

import sqlalchemy as sa
from alembic import op

import shared.db

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

INSTANT = shared.db.UTCDateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("memberships") as batch_op:
        batch_op.add_column(sa.Column("handle", sa.String(length=32), nullable=True))
        batch_op.add_column(
            sa.Column("invited_as", sa.JSON(), nullable=False, server_default=sa.text("'{}'"))
        )
        batch_op.add_column(sa.Column("invited_key", sa.Text(), nullable=True))
    op.execute("UPDATE memberships SET handle = user_id")
    with op.batch_alter_table("memberships") as batch_op:
        batch_op.alter_column("handle", existing_type=sa.String(length=32), nullable=False)
        batch_op.alter_column("invited_as", existing_type=sa.JSON(), server_default=None)
        batch_op.drop_index("ix_memberships_centre")
        batch_op.create_index("uq_memberships_handle", ["centre_no", "handle"], unique=True)
    op.create_table(
        "sent_invitations",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("by_id", sa.String(length=32), nullable=False),
        sa.Column("centre_no", sa.String(length=5), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_sent_invitations_at", "sent_invitations", ["at"])
    op.create_index("ix_sent_invitations_by", "sent_invitations", ["by_id", "at"])
    op.create_index("ix_sent_invitations_centre", "sent_invitations", ["centre_no", "at"])
