"""The marksheet: a page of the candidates of one centre and paper, and each as answers show it."""

from dataclasses import dataclass
from typing import Any, Literal, cast

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from services.marks.domain.marking import Code, Mark
from services.marks.domain.text import display_name, surname_key
from services.marks.models import Candidate, Paper, Sheet
from services.marks.queries.papers import PaperSummary, TaskJson, paper_json
from services.marks.queries.progress import progress_of
from shared.events.models import Watermark

Show = Literal["all", "unmarked", "marked", "samples"]
Sort = Literal["candidate_no", "name", "mark"]


class SampleJson(TypedDict):
    """Who put the candidate in the sample, and why."""

    chosen_by: str
    reason: str


class StandingErrorJson(TypedDict):
    """The moderator's correction that counts; `tasks` null means the total alone."""

    tasks: list[int] | None
    total: int
    by: str
    at: str
    reason: str


class CandidateJson(TypedDict):
    """A candidate's line of the marksheet; `locked` by the submission of that number."""

    candidate_no: str
    name: str
    surname: str
    forenames: str
    teaching_set: str
    tasks: list[int | None] | None
    code: str | None
    outcome: str | None
    total: int | None
    effective_total: int | None
    initials: str
    complete: bool
    version: int
    locked: bool
    submission: int | None
    sample: SampleJson | None
    clerical_error: StandingErrorJson | None


class MarksheetJson(TypedDict):
    """A page of a marksheet; `total` counts the candidates after the filters."""

    paper: PaperSummary
    tasks: list[TaskJson]
    sample_generated: bool
    candidates: list[CandidateJson]
    total: int
    page: int
    rows: int | Literal["all"]
    cursor: str


@dataclass(frozen=True)
class View:
    """What is asked to be seen of a marksheet; `rows` None is all of it on one page.

    A moderator sees those submitted only: late entries still being marked are the centre's.
    """

    show: Show = "all"
    sort: Sort = "candidate_no"
    search: str = ""
    rows: int | None = 20
    page: int = 1
    changed_since: int | None = None
    submitted_only: bool = False


_SHOWN: dict[Show, tuple[ColumnElement[bool], ...]] = {
    "all": (),
    "unmarked": (Candidate.complete.is_(False),),
    "marked": (Candidate.complete.is_(True),),
    "samples": (Candidate.sample_chosen_by.is_not(None),),
}
_ORDERS: dict[Sort, tuple[ColumnElement[Any], ...]] = {
    "candidate_no": (),
    "name": (Candidate.surname_key.asc(), Candidate.forenames.asc()),
    "mark": (Candidate.standing.desc(),),
}


def sample_aspect(centre_no: str, paper_id: str) -> str:
    """The watermark that tells a sheet's sample has come, even an empty one."""
    return f"sample:{centre_no}/{paper_id}"


def mark_of(candidate: Candidate) -> Mark:
    """The centre's mark, as the rules know it."""
    return Mark(
        tasks=None if candidate.tasks is None else tuple(candidate.tasks),
        code=cast("Code | None", candidate.code),
        outcome=candidate.outcome,
        initials=candidate.initials,
    )


def candidate_json(candidate: Candidate) -> CandidateJson:
    chosen_by = candidate.sample_chosen_by
    return {
        "candidate_no": candidate.candidate_no,
        "name": display_name(candidate.surname, candidate.forenames),
        "surname": candidate.surname,
        "forenames": candidate.forenames,
        "teaching_set": candidate.teaching_set,
        "tasks": candidate.tasks,
        "code": candidate.code,
        "outcome": candidate.outcome,
        "total": candidate.total,
        "effective_total": candidate.effective_total,
        "initials": candidate.initials,
        "complete": candidate.complete,
        "version": candidate.version,
        "locked": candidate.submission is not None,
        "submission": candidate.submission,
        "sample": {"chosen_by": chosen_by, "reason": candidate.sample_reason}
        if chosen_by
        else None,
        "clerical_error": cast("StandingErrorJson | None", candidate.clerical_error),
    }


def read_marksheet(session: Session, centre_no: str, paper_id: str, view: View) -> MarksheetJson:
    """The page of the marksheet that `view` asks for; a page past the end is empty."""
    # The cursor is read first: what changes meanwhile is sent once more, and never missed.
    sampled = exists().where(Watermark.aspect == sample_aspect(centre_no, paper_id))
    head = select(Paper, Sheet.cursor, sampled).join(Sheet, Sheet.paper_id == Paper.id)
    paper, cursor, sample_generated = session.execute(
        head.where(Sheet.centre_no == centre_no, Sheet.paper_id == paper_id)
    ).one()
    progress = progress_of(session, centre_no, [paper_id])[paper_id]
    candidates, total = _page(session, _wanted(centre_no, paper_id, view), view)
    return {
        "paper": paper_json(paper, progress),
        "tasks": paper.tasks or [],
        "sample_generated": sample_generated,
        "candidates": [candidate_json(candidate) for candidate in candidates],
        "total": total,
        "page": view.page,
        "rows": "all" if view.rows is None else view.rows,
        "cursor": str(cursor),
    }


def _wanted(centre_no: str, paper_id: str, view: View) -> list[ColumnElement[bool]]:
    wanted = [
        Candidate.centre_no == centre_no,
        Candidate.paper_id == paper_id,
        Candidate.withdrawn.is_(False),
        *_SHOWN[view.show],
    ]
    if view.submitted_only:
        wanted.append(Candidate.submission.is_not(None))
    # No name holds U+0000, and PostgreSQL takes it in no parameter.
    part = surname_key(view.search.replace("\0", ""))
    if part:
        wanted.append(Candidate.surname_key.contains(part, autoescape=True))
    if view.changed_since is not None:
        wanted.append(Candidate.changed > view.changed_since)
    return wanted


def _page(
    session: Session, wanted: list[ColumnElement[bool]], view: View
) -> tuple[list[Candidate], int]:
    counted = select(func.count()).select_from(Candidate).where(*wanted)
    total = session.scalars(counted).one()
    rows = total if view.rows is None else view.rows
    ordered = select(Candidate).where(*wanted).order_by(*_ORDERS[view.sort], Candidate.candidate_no)
    paged = ordered.offset(min((view.page - 1) * rows, total)).limit(rows)
    return list(session.scalars(paged)), total
