"""Keep how large a file of a paper's evidence may be, and what the board advises."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("papers", schema=None) as batch_op:
        batch_op.add_column(sa.Column("max_file_mib", sa.Integer(), nullable=True))
        for name in ("evidence_advice", "upload_guide"):
            batch_op.add_column(sa.Column(name, sa.String(length=255), nullable=True))
