"""Having every file looked at by a daemon of ClamAV, where there is one; until then it waits."""

import logging
import threading
from contextlib import closing

from prometheus_client import Counter
from sqlalchemy import Select, Update, select, update
from sqlalchemy.orm import Session

from services.uploads.commands.lacking import tell_lacking
from services.uploads.commands.news import status_data
from services.uploads.domain.rules import ACCEPTED, REJECTED, WAITING, Place
from services.uploads.models import EvidenceFile
from shared import audit, clock
from shared.antivirus import Scanner, ScannerAwayError, ScannerError, ScanTooLargeError
from shared.audit import Change
from shared.db import Database, after_commit
from shared.errors import NotFoundError, ProblemError
from shared.events.outbox import emit
from shared.files import store
from shared.i18n import gettext as _
from shared.settings import settings
from shared.storage import ObjectMissingError

LOOKS_SECONDS = 0.5
PAUSE_SECONDS = 10.0
AT_A_TIME = 20
# So many one after another that cannot be looked at: it may be for something else than the files.
MOST_IN_A_ROW = 3
PUT_OFF = "put_off"

SCANNED = Counter(
    "iamis_scans_total",
    "Files looked at for viruses: accepted, rejected, or put off to be looked at again",
    ["outcome"],
)

log = logging.getLogger(__name__)


def run(database: Database, stop: threading.Event) -> None:
    """Scan what waits, as it comes, until told to stop.

    Where no daemon is named (any more) what waits is accepted: nobody else would ever look.
    """
    # There from the beginning: from nothing to one is no increase to Prometheus.
    SCANNED.labels(PUT_OFF)
    pause = 0.0
    while not stop.wait(pause):
        pause = LOOKS_SECONDS if scan_waiting(database, stop) else PAUSE_SECONDS


def scan_waiting(database: Database, stop: threading.Event) -> bool:
    """Look at the files that wait, oldest first; False where one cannot be looked at.

    Such a one goes behind the others, unless there is no daemon to look at any.
    """
    with database.reading() as session:
        waiting = list(session.scalars(_waiting()).all())
    well, in_a_row = True, 0
    for file in waiting:
        if stop.is_set():
            return True
        if in_a_row == MOST_IN_A_ROW:
            return False
        try:
            finding = _finding(file)
        except ScannerAwayError as error:
            _count_put_off(file, error)
            return False
        except (ScannerError, ProblemError, ObjectMissingError) as error:
            _count_put_off(file, error)
            with database.transaction() as session:
                session.execute(_behind_others(file))
            well, in_a_row = False, in_a_row + 1
            continue
        in_a_row = 0
        with database.transaction() as session:
            decide(session, file.id, finding)
    return well


def _waiting() -> Select[EvidenceFile]:
    return (
        select(EvidenceFile)
        .where(EvidenceFile.status == WAITING, EvidenceFile.deleted_at.is_(None))
        .order_by(EvidenceFile.tried_at.nulls_first(), EvidenceFile.uploaded_at, EvidenceFile.id)
        .limit(AT_A_TIME)
    )


def _count_put_off(file: EvidenceFile, error: Exception) -> None:
    log.warning("a file is not scanned", extra={"file": file.id, "cause": repr(error)})
    SCANNED.labels(PUT_OFF).inc()


def _behind_others(file: EvidenceFile) -> Update:
    return update(EvidenceFile).where(EvidenceFile.id == file.id).values(tried_at=clock.now())


def _finding(file: EvidenceFile) -> str | None:
    """What is wrong with the file; None where nothing is, or where nobody can tell."""
    url = settings().clamav_url
    if url is None:
        return None
    with closing(store.bucket().open(file.object_key)) as content:
        try:
            return Scanner(url).finding(content)
        except ScanTooLargeError:
            log.warning("a file is too large to be scanned", extra={"file": file.id})
            return None


def decide(session: Session, file_id: str, finding: str | None) -> None:
    """Accept the file or, where something was found, reject it: nobody gets it any more."""
    file = session.get(EvidenceFile, file_id, with_for_update=True)
    if file is None or file.status != WAITING:
        return
    file.finding = finding
    change = _settle(session, file, REJECTED if finding else ACCEPTED)
    audit.record(session, None, "evidence.scan", str(place_of(file)), change)
    after_commit(session, SCANNED.labels(file.status).inc)


def waiting_file(session: Session, file_id: str, *, lock: bool = False) -> EvidenceFile:
    """The file in view that waits to be looked at; `NotFoundError` where there is none."""
    file = session.get(EvidenceFile, file_id, with_for_update=lock)
    if file is None or file.status != WAITING or file.deleted_at is not None:
        raise NotFoundError(_("There is no such file that waits to be checked for viruses."))
    return file


def give_up(session: Session, file_id: str) -> None:
    """Reject a file that cannot be looked at, as the operator decides."""
    file = waiting_file(session, file_id, lock=True)
    change = _settle(session, file, REJECTED)
    audit.record(session, None, "evidence.reject", str(place_of(file)), change)


def place_of(file: EvidenceFile) -> Place:
    return Place(file.centre_no, file.paper_id, file.candidate_no)


def _settle(session: Session, file: EvidenceFile, status: str) -> Change:
    """The file waits no more, and others are told."""
    file.status, file.status_at = status, clock.now()
    if status == REJECTED:
        tell_lacking(session, file.centre_no, file.paper_id)
    told = status_data(file, file.status_at)
    emit(session, "evidence.status_changed.v1", place_of(file).sheet, told)
    return Change(before={"status": WAITING}, after={"file": file.id, "status": status})
