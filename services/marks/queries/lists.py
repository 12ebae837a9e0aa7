"""Lists of papers: of the catalogue, of a centre, of a moderator."""

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from services.marks.domain.paper import MONTHS
from services.marks.models import Paper, Sheet, Submission
from services.marks.queries.papers import PaperJson, PaperSummary, catalogue_json, paper_json
from services.marks.queries.progress import progress_of, progress_of_sheets
from shared.access.models import Allocation
from shared.access.principal import Principal
from shared.access.rules import not_found

# The newest series first.
_BY_SERIES = (
    Paper.series_year.desc(),
    case({month: number for number, month in enumerate(MONTHS)}, value=Paper.series_month).desc(),
    Paper.qualification,
    Paper.title,
    Paper.unit,
    Paper.code,
)
_FIRST_SUBMISSION = (
    (Submission.centre_no == Sheet.centre_no)
    & (Submission.paper_id == Sheet.paper_id)
    & (Submission.number == 1)
)


class AllocatedPaper(PaperSummary):
    """A submitted paper of a centre, as its moderator sees it listed."""

    centre_no: str


class CentreCount(TypedDict):
    """A centre with how many papers it has, and how many of them it submitted."""

    centre_no: str
    papers: int
    submitted: int


def catalogue(session: Session, page: int, rows: int) -> tuple[list[PaperJson], int]:
    """One page of all papers, and how many there are."""
    asked = select(Paper).order_by(*_BY_SERIES).limit(rows).offset((page - 1) * rows)
    total = session.scalar(select(func.count()).select_from(Paper)) or 0
    return [catalogue_json(paper) for paper in session.scalars(asked)], total


def papers_of_centre(session: Session, centre_no: str, who: Principal) -> list[PaperSummary]:
    """The papers a centre has had entries for; a moderator sees those allocated and submitted."""
    asked = select(Paper).join(Sheet, Sheet.paper_id == Paper.id).order_by(*_BY_SERIES)
    asked = asked.where(Sheet.centre_no == centre_no)
    if who.kind == "appointee":
        asked = asked.join(Submission, _FIRST_SUBMISSION).join(Allocation, _allocated_to(who))
    papers = session.scalars(asked).all()
    counted = progress_of(session, centre_no, [paper.id for paper in papers])
    return [paper_json(paper, counted[paper.id]) for paper in papers]


def paper_of_centre(session: Session, centre_no: str, paper_id: str) -> PaperSummary:
    """One paper as `papers_of_centre` lists it; NotFoundError without it."""
    paper = session.get(Paper, paper_id)
    if paper is None:
        raise not_found()
    return paper_json(paper, progress_of(session, centre_no, [paper_id])[paper_id])


def papers_of_moderator(session: Session, who: Principal) -> tuple[list[AllocatedPaper], int]:
    """What is allocated to a moderator and submitted, and how many are not submitted yet."""
    asked = (
        select(Paper, Sheet.centre_no)
        .join(Sheet, Sheet.paper_id == Paper.id)
        .join(Submission, _FIRST_SUBMISSION)
        .join(Allocation, _allocated_to(who))
        .order_by(*_BY_SERIES, Sheet.centre_no)
    )
    found = [(paper, centre_no) for paper, centre_no in session.execute(asked)]
    counted = progress_of_sheets(session, [(centre_no, paper.id) for paper, centre_no in found])
    listed = [
        AllocatedPaper(**paper_json(paper, counted[centre_no, paper.id]), centre_no=centre_no)
        for paper, centre_no in found
    ]
    allocated = select(func.count()).where(Allocation.user_id == who.user_id)
    return listed, (session.scalar(allocated) or 0) - len(listed)


def centres(session: Session) -> list[CentreCount]:
    """Every centre that has had entries."""
    counted = (
        select(Sheet.centre_no, func.count(), func.count(Submission.id))
        .outerjoin(Submission, _FIRST_SUBMISSION)
        .group_by(Sheet.centre_no)
        .order_by(Sheet.centre_no)
    )
    return [
        CentreCount(centre_no=centre_no, papers=papers, submitted=submitted)
        for centre_no, papers, submitted in session.execute(counted)
    ]


def _allocated_to(who: Principal) -> ColumnElement[bool]:
    return (
        (Allocation.centre_no == Sheet.centre_no)
        & (Allocation.paper_id == Sheet.paper_id)
        & (Allocation.user_id == who.user_id)
    )
