"""Changing a paper of the catalogue, and the links of others with it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from services.marks.commands.papers import (
    code_taken,
    columns,
    link,
    missing_links,
    publish,
    published,
    refuse,
    subject_of,
)
from services.marks.domain.changed_paper import changed, fixed
from services.marks.domain.new_paper import problems
from services.marks.domain.paper import NewPaper
from services.marks.models import Paper, Sheet
from services.marks.queries.catalogue import described
from shared import clock
from shared.access.principal import Principal
from shared.access.rules import not_found
from shared.audit import Change, record
from shared.errors import ConflictError, FieldError
from shared.i18n import gettext as _


def change_paper(
    session: Session, paper_id: str, changes: Mapping[str, Any], who: Principal | None
) -> Paper:
    """Change what is named; NotFoundError, UnprocessableError, or ConflictError naming what stays.

    A link holds both ways: the papers it begins or ceases to name are changed, too.
    """
    papers = locked_papers(session, paper_id, changes.get("linked", ()))
    paper = papers[paper_id]
    before = described(paper)
    after = changed(before, changes)
    unfit = problems(after, clock.today())
    refuse([*unfit, *missing_links(session, after), *_self_links(paper_id, after)])
    _require_free(session, paper_id, before, after)
    _require_code(session, paper, after)
    _store(session, who, paper, after)
    for other in papers.values():
        link(session, who, other, paper_id, linked=other.id in after.linked)
    return paper


def locked_papers(session: Session, paper_id: str, linked: object = ()) -> dict[str, Paper]:
    """The paper and those it is or will be linked to, locked in one order for everybody.

    An import of entries shares a lock on each paper it reads: what a mark may be does not change
    between its look and its commit. NotFoundError without the paper, also where it was removed
    while we waited; where it was linked meanwhile, all is to be done again.
    """
    paper = session.get(Paper, paper_id)
    if paper is None:
        raise not_found()
    wanted = {paper_id, *paper.linked, *(linked if isinstance(linked, tuple) else ())}
    asked = select(Paper).where(Paper.id.in_(wanted)).order_by(Paper.id)
    locked = asked.with_for_update().execution_options(populate_existing=True)
    papers = {one.id: one for one in session.scalars(locked)}
    if paper_id not in papers:
        raise not_found()
    if not wanted.issuperset(papers[paper_id].linked):
        message = f"{paper_id} was linked meanwhile"
        raise StaleDataError(message)
    return papers


def _self_links(paper_id: str, after: NewPaper) -> list[FieldError]:
    return [
        FieldError(f"/linked/{number}", _("A paper is not linked to itself."))
        for number, linked in enumerate(after.linked)
        if linked == paper_id
    ]


def _require_free(session: Session, paper_id: str, before: NewPaper, after: NewPaper) -> None:
    """ConflictError where a change would make other papers of the entries that there are."""
    errors = fixed(before, after)
    if not errors:
        return
    entered = select(Sheet.paper_id).where(Sheet.paper_id == paper_id).limit(1)
    if session.scalars(entered).first() is not None:
        raise ConflictError(errors[0].detail, errors=errors, slug="paper-in-use")


def _require_code(session: Session, paper: Paper, after: NewPaper) -> None:
    """ConflictError where another paper of the series has the code."""
    month, year = after.series.month, after.series.year
    same = select(Paper.id).filter_by(series_month=month, series_year=year, code=after.code)
    if session.scalars(same.where(Paper.id != paper.id)).first() is not None:
        raise code_taken(after)


def _store(session: Session, who: Principal | None, paper: Paper, after: NewPaper) -> None:
    """Keep what differs; what only marks heeds is told to nobody."""
    told, wanted = published(paper), columns(after)
    differing = {name: value for name, value in wanted.items() if getattr(paper, name) != value}
    if not differing:
        return
    old = {name: getattr(paper, name) for name in differing}
    for name, value in differing.items():
        setattr(paper, name, value)
    session.flush()
    if published(paper) != told:
        publish(session, paper)
    change = Change(before=_as_json(old), after=_as_json(differing))
    record(session, who, "paper.changed", subject_of(paper), change)


def _as_json(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in values.items()
    }
