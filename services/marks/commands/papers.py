"""The board's catalogue: adding a paper, and moving its dates."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.marks.domain.new_paper import date_problems, problems, tidied
from services.marks.domain.paper import NewPaper
from services.marks.models import Paper
from services.marks.queries.papers import catalogue_json
from shared.access.principal import Principal
from shared.access.rules import not_found
from shared.audit import Change, record
from shared.errors import ConflictError, FieldError, UnprocessableError
from shared.events.outbox import emit, insert_into
from shared.i18n import gettext as _
from shared.ids import new_id

_OF_THE_MOMENT = {"id", "results_released"}


@dataclass(frozen=True)
class Dates:
    """New dates of a paper; None leaves the one that is there."""

    marks_deadline: date | None = None
    sample_deadline: date | None = None
    evidence_until: date | None = None
    results_day: datetime | None = None


def add_paper(session: Session, new: NewPaper, who: Principal | None = None) -> Paper:
    """Add a paper to the catalogue; UnprocessableError, or ConflictError where its code is taken.

    The series comes to be with its first paper.
    """
    new = tidied(new)
    _refuse([*problems(new), *_missing_links(session, new)])
    paper_id = _insert(session, new)
    if paper_id is None:
        said = _("The series %(series)s has a paper %(code)s.", series=new.series, code=new.code)
        raise ConflictError(said, errors=[FieldError("/code", said)])
    paper = session.get_one(Paper, paper_id)
    _publish(session, paper)
    record(session, who, "paper.added", _subject(paper), Change(after=_published(paper)))
    _link_back(session, paper, who)
    return paper


def _link_back(session: Session, paper: Paper, who: Principal | None) -> None:
    """Link the papers it names to the new one: the sample of each waits for the other."""
    named = select(Paper).where(Paper.id.in_(paper.linked)).order_by(Paper.id).with_for_update()
    for other in session.scalars(named.execution_options(populate_existing=True)):
        before, other.linked = other.linked, [*other.linked, paper.id]
        _publish(session, other)
        change = Change(before={"linked": before}, after={"linked": other.linked})
        record(session, who, "paper.linked", _subject(other), change)


def change_dates(session: Session, paper_id: str, dates: Dates, who: Principal | None) -> Paper:
    """Move dates of a paper; NotFoundError without one."""
    paper = session.get(Paper, paper_id, with_for_update=True)
    if paper is None:
        raise not_found()
    before = _published(paper)
    moved = {name: value for name, value in asdict(dates).items() if value is not None}
    for name, value in moved.items():
        setattr(paper, name, value)
    _refuse(date_problems(paper.marks_deadline, paper.sample_deadline))
    session.flush()
    after = _published(paper)
    if after != before:
        _publish(session, paper)
        change = Change(
            before={name: before[name] for name in moved},
            after={name: after[name] for name in moved},
        )
        record(session, who, "paper.dates_changed", _subject(paper), change)
    return paper


def _insert(session: Session, new: NewPaper) -> str | None:
    """The id of the new row; None where the series has a paper of this code."""
    insert = insert_into(session, Paper).values(_columns(new))
    taken = ["series_year", "series_month", "code"]
    made = insert.on_conflict_do_nothing(index_elements=taken).returning(Paper.id)
    return session.scalars(made).first()


def _columns(new: NewPaper) -> dict[str, Any]:
    rules = new.rules
    return {
        "id": new_id(),
        "series_month": new.series.month,
        "series_year": new.series.year,
        "code": new.code,
        "title": new.title,
        "unit": new.unit,
        "qualification": new.qualification,
        "board": new.board,
        "tasks": rules.tasks and [asdict(task) for task in rules.tasks],
        "outcomes": rules.outcomes and list(rules.outcomes),
        "not_classified": rules.not_classified,
        "linear": rules.linear,
        "initials_required": rules.initials_required,
        "sample_policy": new.sample_policy,
        "upload": new.upload,
        "evidence_pieces": list(new.evidence_pieces),
        "work_to": new.work_to,
        "tolerance": new.tolerance,
        "marks_deadline": new.marks_deadline,
        "sample_deadline": new.sample_deadline,
        "evidence_until": new.evidence_until,
        "results_day": new.results_day,
        "linked": list(new.linked),
        "consortia": [list(centres) for centres in new.consortia],
    }


def _missing_links(session: Session, new: NewPaper) -> list[FieldError]:
    there = set(session.scalars(select(Paper.id).where(Paper.id.in_(new.linked))))
    return [
        FieldError(f"/linked/{number}", _("There is no such paper."))
        for number, paper_id in enumerate(new.linked)
        if paper_id not in there
    ]


def _refuse(errors: list[FieldError]) -> None:
    if errors:
        raise UnprocessableError(" ".join(error.detail for error in errors), errors=errors)


def _publish(session: Session, paper: Paper) -> None:
    emit(session, "paper.changed.v1", _subject(paper), _published(paper))


def _published(paper: Paper) -> dict[str, Any]:
    shown = {
        name: value for name, value in catalogue_json(paper).items() if name not in _OF_THE_MOMENT
    }
    return {"paper_id": paper.id, **shown, "consortia": paper.consortia}


def _subject(paper: Paper) -> str:
    return f"all/{paper.id}"
