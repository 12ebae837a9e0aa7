"""Who lacks evidence, of many sheets at once: for the menu of a centre and a moderator's list."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, select
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from services.uploads.domain.pieces import About, Filed, lacking
from services.uploads.domain.rules import NONE, REJECTED
from services.uploads.models import EvidenceFile, Paper, SampleCandidate, Sheet
from services.uploads.queries.entered import is_entered
from services.uploads.queries.sampled import IS_SAMPLED
from shared.access.models import Allocation, TeachingSet
from shared.access.principal import Principal
from shared.access.rules import only_papers
from shared.access.teaching_sets import only_sets

Key = tuple[str, str]
Table = type[Sheet] | type[SampleCandidate] | type[EvidenceFile]
Reaches = Callable[[Table], ColumnElement[bool]]
Asked = Select[str, str, str, list[Any]]


class LackingCandidateJson(TypedDict):
    """A candidate who lacks evidence; `missing` are the named pieces, where the paper has some."""

    candidate_no: str
    missing: list[str]


class LackingSheetJson(TypedDict):
    """A sheet that lacks evidence: of these candidates, and maybe of the group."""

    centre_no: str
    paper_id: str
    candidates: list[LackingCandidateJson]
    group: bool


class LackingJson(TypedDict):
    """Every sheet with a sample that lacks some evidence."""

    sheets: list[LackingSheetJson]
    total: int


def lacking_of_centre(session: Session, who: Principal, centre_no: str) -> LackingJson:
    """Of a centre, as far as its reader may see its papers and teaching sets."""
    papers, sets = only_papers(who, centre_no), only_sets(who, centre_no)

    def reaches(table: Table) -> ColumnElement[bool]:
        of_centre: ColumnElement[bool] = table.centre_no == centre_no
        return of_centre if papers is None else and_(of_centre, table.paper_id.in_(sorted(papers)))

    if sets is None:
        return _told(_lacking(session, reaches))
    named = TeachingSet.centre_no == centre_no, TeachingSet.name.in_(sorted(sets))
    theirs = select(TeachingSet.paper_id, TeachingSet.candidate_no).where(*named)
    there = {(row.paper_id, row.candidate_no) for row in session.execute(theirs)}
    return _told(_only(there, sheet) for sheet in _lacking(session, reaches))


def lacking_of_moderator(session: Session, who: Principal) -> LackingJson:
    """Of the submitted sheets that are allocated to the reader."""

    def reaches(table: Table) -> ColumnElement[bool]:
        return exists().where(
            Allocation.user_id == who.user_id,
            Allocation.centre_no == table.centre_no,
            Allocation.paper_id == table.paper_id,
        )

    return _told(_lacking(session, reaches))


def _only(there: set[Key], sheet: LackingSheetJson) -> LackingSheetJson:
    named = [
        one for one in sheet["candidates"] if (sheet["paper_id"], one["candidate_no"]) in there
    ]
    return {**sheet, "candidates": named, "group": False}


def lacking_of_sheet(session: Session, centre_no: str, paper_id: str) -> LackingSheetJson:
    """Who lacks evidence of one sheet: nobody where none is asked for."""

    def reaches(table: Table) -> ColumnElement[bool]:
        return and_(table.centre_no == centre_no, table.paper_id == paper_id)

    return next(_lacking(session, reaches), nothing_lacks(centre_no, paper_id))


def nothing_lacks(centre_no: str, paper_id: str) -> LackingSheetJson:
    """What is said of a sheet that lacks no evidence."""
    return {"centre_no": centre_no, "paper_id": paper_id, "candidates": [], "group": False}


def lacking_of_paper(session: Session, paper_id: str) -> Iterator[LackingSheetJson]:
    """Of every sheet of a paper that evidence is asked for."""

    def reaches(table: Table) -> ColumnElement[bool]:
        return table.paper_id == paper_id

    return _lacking(session, reaches)


def _told(sheets: Iterator[LackingSheetJson]) -> LackingJson:
    found = [sheet for sheet in sheets if sheet["candidates"] or sheet["group"]]
    return {"sheets": found, "total": len(found)}


def _lacking(session: Session, reaches: Reaches) -> Iterator[LackingSheetJson]:
    sampled, files = _sampled(session, reaches), _files(session, reaches)
    for centre_no, paper_id, upload, pieces in session.execute(_sheets(reaches)).all():
        key = centre_no, paper_id
        lack = lacking(upload, pieces, sampled[key], files[key])
        yield {
            "centre_no": centre_no,
            "paper_id": paper_id,
            "candidates": [
                {"candidate_no": number, "missing": [*missing]}
                for number, missing in lack.candidates.items()
            ],
            "group": lack.group,
        }


def _sheets(reaches: Reaches) -> Asked:
    """Those that evidence is asked of; where it was purged, nobody is asked any more."""
    purged = exists().where(
        EvidenceFile.centre_no == Sheet.centre_no,
        EvidenceFile.paper_id == Sheet.paper_id,
        EvidenceFile.purged_at.is_not(None),
    )
    asked = select(Sheet.centre_no, Sheet.paper_id, Paper.upload, Paper.evidence_pieces)
    return (
        asked.join(Paper, Paper.id == Sheet.paper_id)
        .where(reaches(Sheet), IS_SAMPLED, Paper.upload != NONE, ~purged)
        .order_by(Sheet.centre_no, Sheet.paper_id)
    )


def _sampled(session: Session, reaches: Reaches) -> defaultdict[Key, list[str]]:
    found: defaultdict[Key, list[str]] = defaultdict(list)
    rows = select(SampleCandidate).where(reaches(SampleCandidate), is_entered())
    for row in session.scalars(rows.order_by(SampleCandidate.candidate_no)):
        found[row.centre_no, row.paper_id].append(row.candidate_no)
    return found


def _files(session: Session, reaches: Reaches) -> defaultdict[Key, list[Filed]]:
    found: defaultdict[Key, list[Filed]] = defaultdict(list)
    columns = (EvidenceFile.centre_no, EvidenceFile.paper_id, EvidenceFile.candidate_no)
    counted = EvidenceFile.deleted_at.is_(None), EvidenceFile.status != REJECTED
    rows = select(*columns, EvidenceFile.about).where(reaches(EvidenceFile), *counted)
    for centre_no, paper_id, candidate_no, about in session.execute(rows):
        found[centre_no, paper_id].append(Filed(candidate_no, About.of(about)))
    return found
