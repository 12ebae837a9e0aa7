"""Keep until when evidence of a further request is due, and have samples told once more.

Those known before lack it: `iamis republish --service sampling --to reports` brings it now, with
the sequence they are known by.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("candidates") as batch_op:
        batch_op.add_column(sa.Column("due", sa.Date(), nullable=True))
    op.execute("UPDATE candidates SET sample_sequence = 0")
