"""Taking a paper out of the catalogue that was added by mistake."""

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from services.marks.commands.paper_changes import locked_papers
from services.marks.commands.papers import link, published, subject_of
from services.marks.models import Request, Sheet
from shared.access.models import Allocation
from shared.access.principal import Principal
from shared.audit import Change, record
from shared.errors import ConflictError
from shared.events.outbox import emit
from shared.i18n import gettext as _


def remove_paper(session: Session, paper_id: str, who: Principal) -> None:
    """NotFoundError without it, ConflictError where anything refers to it.

    An import of entries waits for the lock, and then finds no such paper.
    """
    papers = locked_papers(session, paper_id)
    paper = papers.pop(paper_id)
    _require_unused(session, paper_id)
    for other in papers.values():
        link(session, who, other, paper_id, linked=False)
    told = published(paper)
    emit(session, "paper.changed.v1", subject_of(paper), told | {"removed": True})
    record(session, who, "paper.removed", subject_of(paper), Change(before=told))
    session.delete(paper)


def _require_unused(session: Session, paper_id: str) -> None:
    used = [exists().where(table.paper_id == paper_id) for table in (Sheet, Request, Allocation)]
    if session.scalar(select(or_(*used))):
        raise ConflictError(
            _(
                "This paper cannot be removed: a centre has entries for it or has asked for some, "
                "or a moderator is allocated to it."
            ),
            slug="paper-in-use",
        )
