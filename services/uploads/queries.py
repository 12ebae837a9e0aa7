"""What can be asked about evidence."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from services.uploads.domain.rules import Asked, Place
from services.uploads.models import EvidenceFile, Paper, SampleCandidate, Sheet
from shared.access.rules import not_found


class FileJson(TypedDict):
    """One file; `uploaded_by` is the name of the account."""

    id: str
    name: str
    size: int
    content_type: str
    sha256: str
    uploaded_at: str
    uploaded_by: str


class FilesJson(TypedDict):
    """The files of one candidate, or of the group, oldest first."""

    files: list[FileJson]
    total: int


class CandidateFilesJson(TypedDict):
    """A sampled candidate and the files there are so far."""

    candidate_no: str
    files: list[FileJson]


class SheetFilesJson(TypedDict):
    """All evidence of a sheet; every sampled candidate is named, also those without a file."""

    candidates: list[CandidateFilesJson]
    group_files: list[FileJson]


def file_json(file: EvidenceFile) -> FileJson:
    return {
        "id": file.id,
        "name": file.name,
        "size": file.size,
        "content_type": file.content_type,
        "sha256": file.sha256,
        "uploaded_at": file.uploaded_at.isoformat(),
        "uploaded_by": file.uploaded_by,
    }


def asked_for(session: Session, place: Place) -> Asked | None:
    """What evidence the sheet of `place` asks for; None where its paper is not heard of yet."""
    paper = session.get(Paper, place.paper_id)
    if paper is None:
        return None
    sheet = session.get(Sheet, (place.centre_no, place.paper_id))
    sampled = sheet is not None and sheet.sampled_at is not None
    return Asked(
        upload=paper.upload,
        evidence_until=paper.evidence_until,
        sample={row.candidate_no: row.due for row in _sample(session, place)} if sampled else None,
    )


def is_submitted(session: Session, place: Place) -> bool:
    sheet = session.get(Sheet, (place.centre_no, place.paper_id))
    return sheet is not None and sheet.submitted_at is not None


def files_at(session: Session, place: Place) -> FilesJson:
    """The files in view; `NotFoundError` for a candidate who is not in the sample."""
    if place.candidate_no is not None:
        key = (place.centre_no, place.paper_id, place.candidate_no)
        if session.get(SampleCandidate, key) is None:
            raise not_found()
    files = [file_json(file) for file in _in_view(session, *_at(place))]
    return {"files": files, "total": len(files)}


def file_at(session: Session, place: Place, file_id: str, *, lock: bool = False) -> EvidenceFile:
    """The file in view with this id at this place, else `NotFoundError`."""
    wanted = select(EvidenceFile).where(
        EvidenceFile.id == file_id, EvidenceFile.deleted_at.is_(None), *_at(place)
    )
    found = session.scalar(wanted.with_for_update() if lock else wanted)
    if found is None:
        raise not_found()
    return found


def files_of_sheet(session: Session, place: Place) -> SheetFilesJson:
    by_candidate: defaultdict[str | None, list[FileJson]] = defaultdict(list)
    for file in _in_view(session, *_of_sheet(EvidenceFile, place)):
        by_candidate[file.candidate_no].append(file_json(file))
    return {
        "candidates": [
            {"candidate_no": row.candidate_no, "files": by_candidate[row.candidate_no]}
            for row in _sample(session, place)
        ],
        "group_files": by_candidate[None],
    }


def _sample(session: Session, place: Place) -> Iterable[SampleCandidate]:
    rows = select(SampleCandidate).where(*_of_sheet(SampleCandidate, place))
    return session.scalars(rows.order_by(SampleCandidate.candidate_no))


def _in_view(session: Session, *where: ColumnElement[bool]) -> Iterable[EvidenceFile]:
    rows = select(EvidenceFile).where(EvidenceFile.deleted_at.is_(None), *where)
    return session.scalars(rows.order_by(EvidenceFile.uploaded_at, EvidenceFile.id))


def _at(place: Place) -> list[ColumnElement[bool]]:
    candidate = EvidenceFile.candidate_no.is_not_distinct_from(place.candidate_no)
    return [*_of_sheet(EvidenceFile, place), candidate]


def _of_sheet(table: type[Any], place: Place) -> list[ColumnElement[bool]]:
    return [table.centre_no == place.centre_no, table.paper_id == place.paper_id]
