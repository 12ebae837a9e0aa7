"""Have papers told once more: those known from before reminders lack their deadlines.

`iamis republish --service marks --to reports` brings them now, with the sequence they are known by.
"""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE papers SET sequence = 0")
