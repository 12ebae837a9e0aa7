"""The marksheet: a page of the candidates of one centre and paper, and each as answers show it."""

from dataclasses import dataclass
from typing import Any, Literal, cast

from sqlalchemy import ColumnElement, and_, case, exists, func, literal, or_, select
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from services.marks.domain.marking import Code, Mark
from services.marks.domain.text import display_name, initials_of
from services.marks.models import Candidate, MarkChange, Paper, Sheet
from services.marks.queries.late import LateJson, late_changes
from services.marks.queries.papers import PaperSummary, TaskJson, paper_json
from services.marks.queries.progress import progress_of
from services.marks.queries.reach import in_reach
from shared import clock
from shared.access.teaching_sets import Sets
from shared.events.models import Watermark
from shared.folding import folded
from shared.i18n import language

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


class ModeratedJson(TypedDict):
    """What counts after moderation: a mark or an outcome."""

    total: int | None
    outcome: str | None


class CandidateJson(TypedDict):
    """A candidate's line of the marksheet; `locked` by the submission of that number.

    `moderated` is null until results day.

    One `withdrawn` is there only where it was in the sample already: its work may be on its way.
    """

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
    withdrawn: bool
    submission: int | None
    sample: SampleJson | None
    clerical_error: StandingErrorJson | None
    moderated: ModeratedJson | None


class TeachingSetJson(TypedDict):
    """A teaching set of the sheet; `mine` is one that the reader teaches, as far as is known.

    So are all for who is restricted to some, and those of whom somebody has the reader's initials
    or was marked by them.
    """

    name: str
    mine: bool


class MarksheetJson(TypedDict):
    """A page of a marksheet; `total` counts the candidates after the filters.

    `withdrawn` are the numbers of those withdrawn since the cursor of `changed_since`;
    `moderation` is the outcome, null until results day. `late` is null for who asks for changes
    only, and for moderators.
    """

    paper: PaperSummary
    tasks: list[TaskJson]
    sample_generated: bool
    moderation: str | None
    candidates: list[CandidateJson]
    total: int
    page: int
    rows: int | Literal["all"]
    cursor: str
    teaching_sets: list[TeachingSetJson]
    withdrawn: list[str]
    late: LateJson | None


@dataclass(frozen=True)
class View:
    """What is asked to be seen of a marksheet; `rows` None is all of it on one page.

    `sets` are the only teaching sets there are for a reader who is restricted to some, and
    `submitted_only` is for a moderator.
    """

    show: Show = "all"
    sort: Sort = "candidate_no"
    search: str = ""
    teaching_set: str = ""
    reader: str = ""
    reader_name: str = ""
    rows: int | None = 20
    page: int = 1
    changed_since: int | None = None
    submitted_only: bool = False
    sets: Sets | None = None

    @property
    def in_reach(self) -> list[ColumnElement[bool]]:
        """What a candidate has to meet to be there for the reader."""
        return in_reach(self.sets, submitted_only=self.submitted_only)


_SHOWN: dict[Show, tuple[ColumnElement[bool], ...]] = {
    "all": (),
    "unmarked": (Candidate.complete.is_(False),),
    "marked": (Candidate.complete.is_(True),),
    "samples": (Candidate.sample_chosen_by.is_not(None),),
}
# Withdrawn after the sample was chosen: it stays there, and everybody has to see why.
_STAYS = and_(Candidate.submission.is_not(None), Candidate.sample_chosen_by.is_not(None))
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


def candidate_json(candidate: Candidate, *, released: bool = False) -> CandidateJson:
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
        "withdrawn": candidate.withdrawn,
        "submission": candidate.submission,
        "sample": {"chosen_by": chosen_by, "reason": _reason(candidate)} if chosen_by else None,
        "clerical_error": cast("StandingErrorJson | None", candidate.clerical_error),
        "moderated": cast("ModeratedJson | None", candidate.moderated) if released else None,
    }


def _reason(candidate: Candidate) -> str:
    """Why the candidate is in the sample, in the reader's language where sampling told it."""
    reasons: dict[str, str] = candidate.sample_reasons or {}
    return reasons.get(language(), candidate.sample_reason)


def read_marksheet(session: Session, centre_no: str, paper_id: str, view: View) -> MarksheetJson:
    """The page of the marksheet that `view` asks for; a page past the end is empty."""
    # The cursor is read first: what changes meanwhile is sent once more, and never missed.
    sampled = exists().where(Watermark.aspect == sample_aspect(centre_no, paper_id))
    head = select(Paper, Sheet, sampled).join(Sheet, Sheet.paper_id == Paper.id)
    paper, sheet, sample_generated = session.execute(
        head.where(Sheet.centre_no == centre_no, Sheet.paper_id == paper_id)
    ).one()
    progress = progress_of(session, centre_no, [paper_id], *view.in_reach)[paper_id]
    released = clock.now() >= paper.results_day
    cursor, extended = sheet.cursor, sheet.extended_until
    candidates, total = _page(session, _wanted(centre_no, paper_id, view), view)
    return {
        "paper": paper_json(paper, progress, extended, only_some_sets=view.sets is not None),
        "tasks": paper.tasks or [],
        "sample_generated": sample_generated,
        "moderation": sheet.moderation if released else None,
        "candidates": [candidate_json(one, released=released) for one in candidates],
        "total": total,
        "page": view.page,
        "rows": "all" if view.rows is None else view.rows,
        "cursor": str(cursor),
        "teaching_sets": _teaching_sets(session, centre_no, paper_id, view),
        "withdrawn": _withdrawn(session, centre_no, paper_id, view),
        "late": _late(session, centre_no, paper_id, view),
    }


def _late(session: Session, centre_no: str, paper_id: str, view: View) -> LateJson | None:
    if view.changed_since is not None or view.submitted_only:
        return None
    return late_changes(session, centre_no, paper_id, view.sets)


def _teaching_sets(
    session: Session, centre_no: str, paper_id: str, view: View
) -> list[TeachingSetJson]:
    """Those of the reader first; who asks only for changes has them already."""
    if view.changed_since is not None:
        return []
    marked = select(MarkChange.candidate_no).where(
        MarkChange.centre_no == centre_no,
        MarkChange.paper_id == paper_id,
        MarkChange.by_id == view.reader,
    )
    initials = initials_of(view.reader_name)
    theirs = and_(Candidate.initials == initials, Candidate.initials != "")
    known = or_(literal(view.sets is not None), theirs, Candidate.candidate_no.in_(marked))
    mine = func.max(case((known, 1), else_=0))
    sets = select(Candidate.teaching_set, mine).where(
        Candidate.centre_no == centre_no,
        Candidate.paper_id == paper_id,
        Candidate.withdrawn.is_(False),
        Candidate.teaching_set != "",
        *view.in_reach,
    )
    found = session.execute(
        sets.group_by(Candidate.teaching_set).order_by(mine.desc(), Candidate.teaching_set)
    )
    return [{"name": name, "mine": bool(is_mine)} for name, is_mine in found]


def _withdrawn(session: Session, centre_no: str, paper_id: str, view: View) -> list[str]:
    if view.changed_since is None:
        return []
    of_sheet = select(Candidate.candidate_no).filter_by(centre_no=centre_no, paper_id=paper_id)
    gone = of_sheet.where(Candidate.withdrawn.is_(True), *view.in_reach)
    later = gone.where(Candidate.changed > view.changed_since).order_by(Candidate.candidate_no)
    return list(session.scalars(later))


def _wanted(centre_no: str, paper_id: str, view: View) -> list[ColumnElement[bool]]:
    wanted = [
        Candidate.centre_no == centre_no,
        Candidate.paper_id == paper_id,
        or_(Candidate.withdrawn.is_(False), _STAYS),
        *_SHOWN[view.show],
        *view.in_reach,
    ]
    # No name holds U+0000, and PostgreSQL takes it in no parameter.
    part = folded(view.search.replace("\0", ""))
    if part:
        wanted.append(Candidate.surname_key.contains(part, autoescape=True))
    if view.teaching_set:
        wanted.append(Candidate.teaching_set == view.teaching_set.replace("\0", ""))
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
