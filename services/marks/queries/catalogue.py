"""The catalogue, as the board looks at it: series, papers, and what to look at in one."""

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from services.marks.domain.changed_paper import to_look_at
from services.marks.domain.paper import NewPaper, Series
from services.marks.models import Candidate, Paper, Sheet
from services.marks.queries.lists import BY_SERIES, NEWEST_SERIES
from services.marks.queries.papers import (
    PaperJson,
    SeriesJson,
    catalogue_json,
    rules_of,
    series_of,
)
from shared import clock
from shared.access.rules import not_found
from shared.folding import folded


class SeriesCount(TypedDict):
    """A series, and how many papers it has."""

    series: SeriesJson
    papers: int


class AttentionJson(TypedDict):
    """What may be wrong with a paper, in the user's words; it keeps nothing from opening."""

    pointer: str
    detail: str


class PaperDetails(PaperJson):
    """A paper with what only the board sees; `centres` and `candidates` count its entries.

    With entries it is open: its code, and what a mark of it may be, cannot change any more.
    """

    consortia: list[list[str]]
    centres: int
    candidates: int
    attention: list[AttentionJson]


def catalogue(
    session: Session, page: int, rows: int, series: Series | None = None, search: str = ""
) -> tuple[list[PaperJson], int]:
    """One page of the papers, and how many there are: all, of a series, with a word in the title.

    There are hundreds of papers and not thousands: a title is looked through here, where accents
    and case mean nothing on either database.
    """
    asked = select(Paper).order_by(*BY_SERIES)
    if series:
        asked = asked.filter_by(series_month=series.month, series_year=series.year)
    if search:
        wanted = folded(search)
        listed = [catalogue_json(paper) for paper in session.scalars(asked)]
        found = [paper for paper in listed if wanted in folded(paper["full_title"])]
        return found[(page - 1) * rows : page * rows], len(found)
    total = session.scalar(select(func.count()).select_from(asked.order_by(None).subquery())) or 0
    paged = session.scalars(asked.limit(rows).offset((page - 1) * rows))
    return [catalogue_json(paper) for paper in paged], total


def all_series(session: Session) -> list[SeriesCount]:
    """Every series there is, the newest first."""
    counted = (
        select(Paper.series_month, Paper.series_year, func.count())
        .group_by(Paper.series_year, Paper.series_month)
        .order_by(*NEWEST_SERIES)
    )
    return [
        {"series": {"month": month, "year": year}, "papers": count}
        for month, year, count in session.execute(counted)
    ]


def paper_details(session: Session, paper_id: str) -> PaperDetails:
    """All there is to know of a paper; NotFoundError without it."""
    paper = session.get(Paper, paper_id)
    if paper is None:
        raise not_found()
    linked = session.scalars(select(Paper).where(Paper.id.in_(paper.linked)))
    found = to_look_at(described(paper), map(described, linked), clock.today())
    return {
        **catalogue_json(paper),
        "consortia": paper.consortia,
        "centres": session.scalar(select(func.count()).where(Sheet.paper_id == paper_id)) or 0,
        "candidates": _entered(session, paper_id),
        "attention": [{"pointer": one.pointer, "detail": one.detail} for one in found],
    }


def papers_in(session: Session, series: Series, only: Collection[str] | None = None) -> list[Paper]:
    """The papers of a series, or those of them that are named, by code."""
    asked = select(Paper).filter_by(series_month=series.month, series_year=series.year)
    if only is not None:
        asked = asked.where(Paper.id.in_(only))
    return list(session.scalars(asked.order_by(Paper.code)))


def described(paper: Paper) -> NewPaper:
    """A paper of the catalogue, as the board would describe it."""
    return NewPaper(
        code=paper.code,
        title=paper.title,
        unit=paper.unit,
        qualification=paper.qualification,
        series=series_of(paper),
        board=paper.board,
        rules=rules_of(paper),
        sample_policy=paper.sample_policy,
        upload=paper.upload,
        tolerance=paper.tolerance,
        marks_deadline=paper.marks_deadline,
        sample_deadline=paper.sample_deadline,
        evidence_until=paper.evidence_until,
        results_day=paper.results_day,
        evidence_pieces=tuple(paper.evidence_pieces),
        max_file_mib=paper.max_file_mib,
        evidence_advice=paper.evidence_advice,
        upload_guide=paper.upload_guide,
        work_to=paper.work_to,
        linked=tuple(paper.linked),
        consortia=tuple(tuple(centres) for centres in paper.consortia),
        after_deadline=paper.after_deadline,
    )


def _entered(session: Session, paper_id: str) -> int:
    entered = select(func.count()).where(
        Candidate.paper_id == paper_id, Candidate.withdrawn.is_(False)
    )
    return session.scalar(entered) or 0
