"""How the submitted marks of a paper are spread over all centres: for the board."""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from services.marks.domain.paper import Series
from services.marks.domain.statistics import Statistics, statistics
from services.marks.models import Candidate, Paper
from services.marks.queries.overview import of_series
from services.marks.queries.papers import full_title_of

_COUNTS = (
    Candidate.withdrawn.is_(False),
    Candidate.submission.is_not(None),
    Candidate.code.is_(None),
)


class MarkCount(TypedDict):
    """How many submitted candidates have a mark or outcome, and how many of them are sampled."""

    mark: int | None
    outcome: str | None
    candidates: int
    sampled: int


class PaperStatistics(Statistics):
    """Those of one paper; of one by outcome there are none."""

    paper_id: str
    code: str
    full_title: str


def marks_of(session: Session, paper_id: str) -> list[MarkCount]:
    """The distribution of a paper's submitted marks, the lowest mark or outcome first."""
    mark = (Candidate.effective_total, Candidate.outcome)
    counted = (
        select(*mark, func.count(), func.count(Candidate.sample_chosen_by))
        .where(Candidate.paper_id == paper_id, *_COUNTS)
        .group_by(*mark, Candidate.standing)
        .order_by(Candidate.standing)
    )
    return [
        MarkCount(mark=total, outcome=outcome, candidates=candidates, sampled=sampled)
        for total, outcome, candidates, sampled in session.execute(counted)
    ]


def statistics_of(counts: Sequence[MarkCount]) -> Statistics | None:
    """None of a paper by outcome, and of one without a submitted mark."""
    marks: Counter[int] = Counter()
    for one in counts:
        if one["mark"] is not None:
            marks[one["mark"]] += one["candidates"]
    return statistics(marks)


def statistics_of_series(session: Session, series: Series) -> list[PaperStatistics]:
    """Of every paper of a series with submitted marks, by code."""
    counted = (
        select(Candidate.paper_id, Candidate.effective_total, func.count())
        .join(Paper, Paper.id == Candidate.paper_id)
        .where(*of_series(series), *_COUNTS)
        .group_by(Candidate.paper_id, Candidate.effective_total)
    )
    marks: dict[str, dict[int, int]] = {}
    for paper_id, mark, count in session.execute(counted):
        if mark is not None:
            marks.setdefault(paper_id, {})[mark] = count
    papers = session.scalars(select(Paper).where(Paper.id.in_(marks)).order_by(Paper.code))
    return [
        PaperStatistics(
            paper_id=paper.id, code=paper.code, full_title=full_title_of(paper), **found
        )
        for paper in papers
        if (found := statistics(marks[paper.id]))
    ]
