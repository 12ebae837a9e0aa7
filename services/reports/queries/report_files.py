"""The files with a moderator's report."""

from collections.abc import Iterator

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from services.reports.domain.moderator_report import AttachedFile
from services.reports.models import ReportFile
from shared.access.rules import not_found
from shared.events.republish import FETCHED
from shared.service import KeptObject


class ReportFileJson(TypedDict):
    """A file with the report; `media_type` is what it was recognised as, `size` in bytes."""

    id: str
    name: str
    size: int
    sha256: str
    media_type: str
    added_at: str


def file_json(file: AttachedFile) -> ReportFileJson:
    return {
        "id": file.id,
        "name": file.name,
        "size": file.size,
        "sha256": file.sha256,
        "media_type": file.media_type,
        "added_at": file.added_at.isoformat(),
    }


def attached(row: ReportFile) -> AttachedFile:
    return AttachedFile(
        row.id, row.name, row.size, row.sha256, row.media_type, added_at=row.added_at
    )


def _of_sheet(centre_no: str, paper_id: str) -> Select[ReportFile]:
    there = select(ReportFile).filter_by(centre_no=centre_no, paper_id=paper_id)
    return there.where(ReportFile.removed_at.is_(None))


def files_of(session: Session, centre_no: str, paper_id: str) -> tuple[AttachedFile, ...]:
    """Those of a sheet, in the order that they came."""
    in_order = _of_sheet(centre_no, paper_id).order_by(ReportFile.id)
    return tuple(attached(row) for row in session.scalars(in_order))


def count_files(session: Session, centre_no: str, paper_id: str) -> int:
    there = _of_sheet(centre_no, paper_id).with_only_columns(func.count())
    return session.scalar(there) or 0


def file_of(session: Session, sheet: tuple[str, str], file_id: str) -> ReportFile:
    """The file, where it is one of the sheet; else `NotFoundError`."""
    found = session.scalar(_of_sheet(*sheet).where(ReportFile.id == file_id))
    if found is None:
        raise not_found()
    return found


def kept_objects(session: Session) -> Iterator[KeptObject]:
    """What the store has of the files that there are."""
    columns = (ReportFile.object_key, ReportFile.media_type, ReportFile.size, ReportFile.sha256)
    kept = select(*columns).where(ReportFile.removed_at.is_(None)).order_by(ReportFile.id)
    for row in session.execute(kept.execution_options(yield_per=FETCHED)):
        yield KeptObject(*row)
