"""Have who lacks evidence of the sheets of before told as what is first told of them.

`iamis republish --service uploads --to reports` tells it now.
"""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "INSERT INTO sequences (subject, value)"
        " SELECT centre_no || '/' || paper_id, 1 FROM sheets WHERE sampled_at IS NOT NULL"
        " ON CONFLICT DO NOTHING"
    )
