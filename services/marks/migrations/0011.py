"""Keep why a candidate is in the sample in the reader's language, not in English alone."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    reasons = sa.Column("sample_reasons", sa.JSON(none_as_null=True), nullable=True)
    op.add_column("candidates", reasons)
    # Told again, a sample has the sequence it is known by.
    op.execute("UPDATE watermarks SET sequence = sequence - 1 WHERE aspect LIKE 'sample:%'")
