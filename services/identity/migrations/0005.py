"""Keep resets of passwords, recovery codes, and devices of sessions."""

import sqlalchemy as sa
from alembic import op

import shared.db

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "password_resets",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=True),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("asked_at", shared.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("used_at", shared.db.UTCDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"]),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    with op.batch_alter_table("password_resets", schema=None) as batch_op:
        batch_op.create_index(
            "ix_password_resets_account", ["account_hash", "asked_at"], unique=False
        )
        batch_op.create_index("ix_password_resets_address", ["address", "asked_at"], unique=False)
        batch_op.create_index("ix_password_resets_asked_at", ["asked_at"], unique=False)

    op.create_table(
        "recovery_codes",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("used_at", shared.db.UTCDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("user_id", "code_hash"),
    )
    with op.batch_alter_table("families") as batch_op:
        batch_op.add_column(sa.Column("device_hash", sa.String(64), nullable=True))
        batch_op.add_column(sa.Column("device", sa.String(80), nullable=True))
        batch_op.add_column(sa.Column("seen_at", shared.db.UTCDateTime(), nullable=True))
    op.execute("UPDATE families SET device_hash = '', device = '', seen_at = started_at")
    with op.batch_alter_table("families") as batch_op:
        batch_op.alter_column("device_hash", existing_type=sa.String(64), nullable=False)
        batch_op.alter_column("device", existing_type=sa.String(80), nullable=False)
        batch_op.alter_column("seen_at", existing_type=shared.db.UTCDateTime(), nullable=False)
