"""Find the candidates of a paper, whatever their centre, without reading those of all papers."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    columns = ["paper_id", "centre_no", "candidate_no"]
    # First what locks the table for itself: who has built an index and then asks for more waits for
    # savers who wait for the index.
    op.drop_index("uq_candidates_no", "candidates")
    op.create_index("uq_candidates_of_paper", "candidates", columns, unique=True)
