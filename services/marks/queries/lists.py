"""Lists of papers: of the catalogue, of a centre, of a moderator."""

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from services.marks.domain.paper import MONTHS
from services.marks.domain.sheet import SheetKey
from services.marks.models import Paper, Sheet, Submission
from services.marks.queries.papers import PaperSummary, paper_json
from services.marks.queries.progress import extensions_of, progress_of, progress_of_sheets
from services.marks.queries.reach import in_reach
from shared.access.models import Allocation
from shared.access.principal import Principal
from shared.access.rules import not_found, only_papers
from shared.access.teaching_sets import Sets, only_sets

# The newest series first.
NEWEST_SERIES = (
    Paper.series_year.desc(),
    case({month: number for number, month in enumerate(MONTHS)}, value=Paper.series_month).desc(),
)
BY_SERIES = (
    *NEWEST_SERIES,
    Paper.qualification,
    Paper.title,
    Paper.unit,
    Paper.code,
)
FIRST_SUBMISSION = (
    (Submission.centre_no == Sheet.centre_no)
    & (Submission.paper_id == Sheet.paper_id)
    & (Submission.kind == "first")
    & Submission.undone_at.is_(None)
)


class AllocatedPaper(PaperSummary):
    """A submitted paper of a centre, as its moderator sees it listed."""

    centre_no: str


class CentreCount(TypedDict):
    """A centre with how many papers it has, and how many of them it submitted."""

    centre_no: str
    papers: int
    submitted: int


def papers_of_centre(session: Session, centre_no: str, who: Principal) -> list[PaperSummary]:
    """The papers a centre has had entries for; a moderator sees those allocated and submitted.

    Who is restricted to teaching sets sees those with candidates of them. Counted are the
    candidates that there are for `who`.
    """
    asked = select(Paper).join(Sheet, Sheet.paper_id == Paper.id).order_by(*BY_SERIES)
    asked = asked.where(Sheet.centre_no == centre_no)
    only = only_papers(who, centre_no)
    if only is not None:
        asked = asked.where(Paper.id.in_(only))
    if who.kind == "appointee":
        asked = asked.join(Submission, FIRST_SUBMISSION).join(Allocation, _allocated_to(who))
    papers = session.scalars(asked).all()
    sets = only_sets(who, centre_no)
    paper_ids = [paper.id for paper in papers]
    counted = progress_of(session, centre_no, paper_ids, *_counted_for(who, sets))
    extended = extensions_of(session, [SheetKey(centre_no, paper.id) for paper in papers])
    return [
        paper_json(
            paper,
            counted[paper.id],
            extended.get(SheetKey(centre_no, paper.id)),
            only_some_sets=sets is not None,
        )
        for paper in papers
        if sets is None or counted[paper.id].candidates
    ]


def paper_of_centre(
    session: Session, centre_no: str, paper_id: str, who: Principal
) -> PaperSummary:
    """One paper as `papers_of_centre` lists it; NotFoundError without it."""
    paper = session.get(Paper, paper_id)
    if paper is None:
        raise not_found()
    key = SheetKey(centre_no, paper_id)
    sets = only_sets(who, centre_no)
    counted = progress_of(session, centre_no, [paper_id], *_counted_for(who, sets))[paper_id]
    extended = extensions_of(session, [key]).get(key)
    return paper_json(paper, counted, extended, only_some_sets=sets is not None)


def papers_of_moderator(session: Session, who: Principal) -> tuple[list[AllocatedPaper], int]:
    """What is allocated to a moderator and submitted, and how many are not submitted yet."""
    asked = (
        select(Paper, Sheet.centre_no)
        .join(Sheet, Sheet.paper_id == Paper.id)
        .join(Submission, FIRST_SUBMISSION)
        .join(Allocation, _allocated_to(who))
        .order_by(*BY_SERIES, Sheet.centre_no)
    )
    found = {SheetKey(centre_no, paper.id): paper for paper, centre_no in session.execute(asked)}
    counted = progress_of_sheets(session, found, *_counted_for(who, None))
    extended = extensions_of(session, found)
    listed = [
        AllocatedPaper(
            **paper_json(paper, counted[key], extended.get(key)), centre_no=key.centre_no
        )
        for key, paper in found.items()
    ]
    allocated = select(func.count()).where(Allocation.user_id == who.user_id)
    return listed, (session.scalar(allocated) or 0) - len(listed)


def centres(session: Session) -> list[CentreCount]:
    """Every centre that has had entries."""
    counted = (
        select(Sheet.centre_no, func.count(), func.count(Submission.id))
        .outerjoin(Submission, FIRST_SUBMISSION)
        .group_by(Sheet.centre_no)
        .order_by(Sheet.centre_no)
    )
    return [
        CentreCount(centre_no=centre_no, papers=papers, submitted=submitted)
        for centre_no, papers, submitted in session.execute(counted)
    ]


def _counted_for(who: Principal, sets: Sets | None) -> list[ColumnElement[bool]]:
    return in_reach(sets, submitted_only=who.kind == "appointee")


def _allocated_to(who: Principal) -> ColumnElement[bool]:
    return (
        (Allocation.centre_no == Sheet.centre_no)
        & (Allocation.paper_id == Sheet.paper_id)
        & (Allocation.user_id == who.user_id)
    )
