"""The board's catalogue: adding a paper."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.marks.domain.new_paper import problems, tidied
from services.marks.domain.paper import NewPaper
from services.marks.models import Paper
from services.marks.queries.papers import catalogue_json
from shared import clock
from shared.access.principal import Principal
from shared.audit import Change, record
from shared.errors import ConflictError, FieldError, UnprocessableError
from shared.events.outbox import emit, insert_into
from shared.i18n import gettext as _
from shared.ids import new_id

_OF_THE_MOMENT = {"id", "results_released", "after_deadline"}


def add_paper(session: Session, new: NewPaper, who: Principal | None = None) -> Paper:
    """Add a paper to the catalogue; UnprocessableError, or ConflictError where its code is taken.

    The series comes to be with its first paper.
    """
    new = tidied(new)
    named = _locked(session, new)
    refuse([*problems(new, clock.today()), *missing_links(session, new)])
    paper = insert_paper(session, new, who)
    if paper is None:
        raise code_taken(new)
    # The sample of each waits for the other.
    for other in named:
        link(session, who, other, paper.id, linked=True)
    return paper


def code_taken(new: NewPaper) -> ConflictError:
    """For a code that another paper of the series has."""
    said = _("The series %(series)s has a paper %(code)s.", series=new.series, code=new.code)
    return ConflictError(said, errors=[FieldError("/code", said)])


def insert_paper(session: Session, new: NewPaper, who: Principal | None) -> Paper | None:
    """The new paper, told to everyone; None where the series has a paper of this code."""
    values = {"id": new_id(), **columns(new)}
    insert = insert_into(session, Paper).values(values)
    taken = ["series_year", "series_month", "code"]
    made = insert.on_conflict_do_nothing(index_elements=taken).returning(Paper.id)
    paper_id = session.scalars(made).first()
    if paper_id is None:
        return None
    paper = session.get_one(Paper, paper_id)
    publish(session, paper)
    record(session, who, "paper.added", subject_of(paper), Change(after=published(paper)))
    return paper


def _locked(session: Session, new: NewPaper) -> Sequence[Paper]:
    """The papers it names, which nobody changes or removes meanwhile."""
    named = select(Paper).where(Paper.id.in_(new.linked)).order_by(Paper.id)
    # New sheets refer to their paper: an import does not wait for this lock (`key_share`).
    return session.scalars(named.with_for_update(key_share=True)).all()


def link(
    session: Session, who: Principal | None, other: Paper, paper_id: str, *, linked: bool
) -> None:
    """Have the other paper name this one, or no longer."""
    if other.id == paper_id or linked == (paper_id in other.linked):
        return
    before = other.linked
    others = [one for one in before if one != paper_id]
    other.linked = [*others, paper_id] if linked else others
    publish(session, other)
    change = Change(before={"linked": before}, after={"linked": other.linked})
    record(session, who, "paper.linked", subject_of(other), change)


def columns(new: NewPaper) -> dict[str, Any]:
    """What is kept of a paper."""
    rules = new.rules
    return {
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
        "max_file_mib": new.max_file_mib,
        "evidence_advice": new.evidence_advice,
        "upload_guide": new.upload_guide,
        "work_to": new.work_to,
        "tolerance": new.tolerance,
        "marks_deadline": new.marks_deadline,
        "sample_deadline": new.sample_deadline,
        "evidence_until": new.evidence_until,
        "results_day": new.results_day,
        "linked": list(new.linked),
        "consortia": [list(centres) for centres in new.consortia],
        "after_deadline": new.after_deadline,
    }


def missing_links(session: Session, new: NewPaper) -> list[FieldError]:
    """The papers it names to be linked to that there are not."""
    there = set(session.scalars(select(Paper.id).where(Paper.id.in_(new.linked))))
    return [
        FieldError(f"/linked/{number}", _("There is no such paper."))
        for number, paper_id in enumerate(new.linked)
        if paper_id not in there
    ]


def refuse(errors: list[FieldError]) -> None:
    """UnprocessableError, unless nothing is wrong."""
    if errors:
        raise UnprocessableError(" ".join(error.detail for error in errors), errors=errors)


def publish(session: Session, paper: Paper) -> None:
    """Tell the other services what the paper is now."""
    emit(session, "paper.changed.v1", subject_of(paper), published(paper))


def published(paper: Paper) -> dict[str, Any]:
    """The data of `paper.changed.v1`."""
    shown = {
        name: value for name, value in catalogue_json(paper).items() if name not in _OF_THE_MOMENT
    }
    return {"paper_id": paper.id, **shown, "consortia": paper.consortia}


def subject_of(paper: Paper) -> str:
    """The subject of its events."""
    return f"all/{paper.id}"
