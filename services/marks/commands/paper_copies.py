"""Copying papers of one series into another."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from services.marks.commands.papers import insert_paper, publish, refuse
from services.marks.domain.copying import DAYS_A_WEEK, moved, weeks_between
from services.marks.domain.paper import Series
from services.marks.models import Paper
from services.marks.queries.catalogue import described, papers_in
from shared.access.principal import Principal
from shared.errors import FieldError
from shared.i18n import gettext as _


class CopyJson(TypedDict):
    """A paper and what becomes of it.

    `id` is the copy's once it is made; `there` says that the series had a paper of this code, and
    nothing comes of it.
    """

    source: str
    code: str
    full_title: str
    marks_deadline: str
    sample_deadline: str
    evidence_until: str
    results_day: str
    there: bool
    id: str | None


class CopiesJson(TypedDict):
    """What is copied, by code, and how many weeks the dates move by."""

    papers: list[CopyJson]
    weeks: int


def copy_papers(
    session: Session,
    who: Principal | None,
    series: tuple[Series, Series],
    only: Collection[str] | None,
    *,
    dry_run: bool,
) -> CopiesJson:
    """Copy all papers from the first of `series` to the second, or `only` those named.

    Codes that are there already are left as they are, so that the same sent twice copies once.
    """
    old, new = series
    papers = papers_in(session, old, only)
    refuse(_problems(old, new, papers, only))
    there = {paper.code for paper in papers_in(session, new)}
    made = {} if dry_run else _make(session, who, new, [p for p in papers if p.code not in there])
    listed = [_json(paper, new, there, made) for paper in papers]
    return {"papers": listed, "weeks": weeks_between(old, new).days // DAYS_A_WEEK}


def _problems(
    old: Series, new: Series, papers: Sequence[Paper], only: Collection[str] | None
) -> list[FieldError]:
    if old == new:
        return [FieldError("/to", _("Must be another series."))]
    if not papers and only is None:
        return [FieldError("/from", _("There are no papers in %(series)s.", series=old))]
    found = {paper.id for paper in papers}
    return [
        FieldError(f"/papers/{number}", _("There is no such paper."))
        for number, paper_id in enumerate(only or ())
        if paper_id not in found
    ]


def _make(
    session: Session, who: Principal | None, series: Series, papers: Sequence[Paper]
) -> dict[str, Paper]:
    """The copies by the paper each is made of; those of linked papers are linked."""
    made: dict[str, Paper] = {}
    for paper in papers:
        copy = insert_paper(session, moved(described(paper), series), who)
        if copy is not None:
            made[paper.id] = copy
    for paper in papers:
        linked = [made[one].id for one in paper.linked if one in made]
        if paper.id in made and linked:
            made[paper.id].linked = linked
            publish(session, made[paper.id])
    return made


def _json(
    paper: Paper, series: Series, there: Collection[str], made: Mapping[str, Paper]
) -> CopyJson:
    copy = made.get(paper.id)
    new = moved(described(paper), series)
    return {
        "source": paper.id,
        "code": new.code,
        "full_title": new.full_title,
        "marks_deadline": new.marks_deadline.isoformat(),
        "sample_deadline": new.sample_deadline.isoformat(),
        "evidence_until": new.evidence_until.isoformat(),
        "results_day": new.results_day.isoformat(),
        "there": paper.code in there,
        "id": copy.id if copy else None,
    }
