"""Keep which submission a moderator's report is about, and whether that was undone."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

UNDONE_ALREADY = """
    UPDATE moderator_reports SET undone = true, version = version + 1
    WHERE EXISTS (
        SELECT 1 FROM submissions
        WHERE submissions.centre_no = moderator_reports.centre_no
        AND submissions.paper_id = moderator_reports.paper_id
        AND submissions.reopened
    )
"""
STANDING = """
    UPDATE moderator_reports SET about = (
        SELECT sequence FROM submissions
        WHERE submissions.centre_no = moderator_reports.centre_no
        AND submissions.paper_id = moderator_reports.paper_id
    )
    WHERE NOT undone AND EXISTS (
        SELECT 1 FROM submissions
        WHERE submissions.centre_no = moderator_reports.centre_no
        AND submissions.paper_id = moderator_reports.paper_id
    )
"""


def upgrade() -> None:
    with op.batch_alter_table("moderator_reports", schema=None) as batch_op:
        batch_op.add_column(sa.Column("about", sa.BigInteger(), server_default="0", nullable=False))
        batch_op.add_column(
            sa.Column("undone", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
    op.execute(UNDONE_ALREADY)
    op.execute(STANDING)
