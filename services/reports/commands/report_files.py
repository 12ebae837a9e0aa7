"""The files with a moderator's report: added, removed, and cleared away."""

import logging
import threading
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from services.reports.commands.moderator_reports import Sheet, held_report, with_other_files
from services.reports.domain.moderator_report import LARGEST_FILE, check_room
from services.reports.models import ModeratorReport, ReportFile
from services.reports.queries.details import is_visible
from services.reports.queries.report_files import (
    ReportFileJson,
    attached,
    count_files,
    file_json,
    file_of,
)
from shared import audit, clock
from shared.access.principal import Principal
from shared.access.rules import is_allocated, not_found
from shared.antivirus import Scanner, ScannerError, ScanTooLargeError
from shared.db import Database
from shared.errors import ConflictError, ProblemError
from shared.files import store
from shared.files.incoming import IncomingFile, refused
from shared.files.keeping import check_stored, nothing_left_on_failure
from shared.files.kinds import kind_of
from shared.i18n import gettext as _
from shared.ids import new_id
from shared.settings import settings
from shared.storage import Stored, StoreRefusesError, unavailable
from shared.storage_parts import PartStorage

LOOKS_SECONDS = 3600.0
# What is removed stays so long in the store: a backup may be copying it.
KEPT = timedelta(days=1)
# A scanner is given up before the gateway gives us up: what is refused is then not listed either.
SCAN_SECONDS = 40.0
NOT_NOW = (ProblemError, StoreRefusesError)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Arrived:
    """A file that the store has whole, not listed yet."""

    id: str
    key: str
    name: str
    media_type: str
    stored: Stored


def check_file(database: Database, sheet: Sheet) -> None:
    """Raise what stands against another file before any of it is read."""
    with database.reading() as session:
        _check(session, session.get(ModeratorReport, sheet), sheet)


def add_file(
    database: Database, storage: PartStorage, who: Principal, sheet: Sheet, incoming: IncomingFile
) -> ReportFileJson:
    """Store the file as it arrives and list it once the store has all of it.

    Whatever fails, neither row nor object stays.
    """
    file_id = new_id()
    key = f"{store.OF_REPORTS}{'/'.join(sheet)}/{file_id}"
    with nothing_left_on_failure(storage, key, lambda: _is_listed(database, file_id)):
        stored = storage.put(key, incoming, incoming.content_type, LARGEST_FILE)
        check_stored(storage, key, stored.size)
        _look_for_viruses(storage, key)
        media_type = kind_of(incoming.head, incoming.content_type).content_type
        arrived = Arrived(file_id, key, incoming.name, media_type, stored)
        return database.run(lambda session: _list(session, who, sheet, arrived))


def _is_listed(database: Database, file_id: str) -> bool:
    with database.reading() as session:
        return session.get(ReportFile, file_id) is not None


def _look_for_viruses(storage: PartStorage, key: str) -> None:
    """Refuse a file that something is found in, where there is somebody to look."""
    url = settings().clamav_url
    if url is None:
        return
    with closing(storage.open(key)) as content:
        try:
            finding = Scanner(url, SCAN_SECONDS).finding(content)
        except ScanTooLargeError:
            log.warning("a file is too large to be scanned", extra={"object": key})
            return
        except ScannerError as error:
            log.warning("a file is not scanned", extra={"object": key, "cause": str(error)})
            raise unavailable() from error
    if finding:
        raise refused(_("A virus was found in this file. It is not kept."))


def _check(session: Session, report: ModeratorReport | None, sheet: Sheet) -> ModeratorReport:
    if report is None:
        said = _("Write the report first; then files can be added to it.")
        raise ConflictError(said, slug="not-written")
    check_room(count_files(session, *sheet))
    return report


def _list(session: Session, who: Principal, sheet: Sheet, arrived: Arrived) -> ReportFileJson:
    held = held_report(session, sheet)
    _check_still_allowed(session, who, sheet)
    report = _check(session, held, sheet)
    row = _row(who, sheet, arrived)
    session.add(row)
    with_other_files(report, who)
    listed = file_json(attached(row))
    change = audit.Change(after={**listed, "version": report.version})
    audit.record(session, who, "moderator_report.file_added", "/".join(sheet), change)
    return listed


def _check_still_allowed(session: Session, who: Principal, sheet: Sheet) -> None:
    """A file takes its time to arrive: what allowed it may be over."""
    if not (is_allocated(session, who, *sheet) and is_visible(session, "appointee", *sheet)):
        raise not_found()


def _row(who: Principal, sheet: Sheet, arrived: Arrived) -> ReportFile:
    centre_no, paper_id = sheet
    return ReportFile(
        id=arrived.id,
        centre_no=centre_no,
        paper_id=paper_id,
        name=arrived.name,
        size=arrived.stored.size,
        sha256=arrived.stored.sha256,
        media_type=arrived.media_type,
        object_key=arrived.key,
        added_at=clock.now(),
        added_by=who.name,
        added_by_id=who.user_id,
    )


def remove_file(session: Session, who: Principal, sheet: Sheet, file_id: str) -> None:
    """Take the file out of view for good; its object is cleared away later."""
    report = held_report(session, sheet)
    if report is None:
        raise not_found()
    row = file_of(session, sheet, file_id)
    row.removed_at = clock.now()
    with_other_files(report, who)
    change = audit.Change({**file_json(attached(row))}, {"version": report.version})
    audit.record(session, who, "moderator_report.file_removed", "/".join(sheet), change)


def run(database: Database, stop: threading.Event) -> None:
    """Clear away every hour, until told to stop; where the store is down, at the next look."""
    while not stop.wait(LOOKS_SECONDS):
        try:
            cleared = clear(database, store.bucket())
        except NOT_NOW as error:
            log.warning("nothing is cleared away", extra={"cause": str(error)})
        else:
            log.info("files of reports cleared away", extra={"count": cleared})


def clear(database: Database, storage: PartStorage) -> int:
    """Erase what was removed, and what is in the store without a row; gives how many it were."""
    over = clock.now() - KEPT
    gone = [*_removed(database, over), *_unknown(database, storage, over)]
    return sum(_is_cleared(database, storage, key) for key in gone)


def _is_cleared(database: Database, storage: PartStorage, key: str) -> bool:
    """First the content: while there is a row, it is tried again; and the others are not kept."""
    try:
        storage.erase(key)
    except NOT_NOW as error:
        log.warning("a file is not cleared away", extra={"object": key, "cause": str(error)})
        return False
    with database.transaction() as session:
        session.execute(delete(ReportFile).where(ReportFile.object_key == key))
    return True


def _removed(database: Database, over: datetime) -> list[str]:
    with database.reading() as session:
        removed = select(ReportFile.object_key).where(ReportFile.removed_at < over)
        return list(session.scalars(removed).all())


def _unknown(database: Database, storage: PartStorage, over: datetime) -> list[str]:
    """Objects of no row: the report is gone, or somebody died between the two."""
    there = list(storage.keys(store.OF_REPORTS, before=over))
    with database.reading() as session:
        known = set(session.scalars(select(ReportFile.object_key)).all())
    return [key for key in there if key not in known]
