"""The lock that whatever makes a sample ready to be generated takes first."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.sampling.models import Paper
from shared.events.consumer import NotYetError


def lock_paper(session: Session, paper_id: str) -> Paper:
    """The paper, locked with those linked to it: submissions of linked papers queue.

    Otherwise two at the same moment would each find the other not submitted, and both would wait.
    """
    paper = session.get(Paper, paper_id)
    if paper is None:
        raise NotYetError("a submission for a paper not known yet")
    group = select(Paper).where(Paper.id.in_([paper.id, *paper.linked])).order_by(Paper.id)
    # New sheets refer to their paper: they do not wait for this lock (`key_share`).
    locked = group.with_for_update(key_share=True)
    session.scalars(locked.execution_options(populate_existing=True)).all()
    return paper
