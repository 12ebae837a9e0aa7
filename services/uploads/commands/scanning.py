"""Having every file looked at by a daemon of ClamAV, where there is one; until then it waits."""

import logging
import threading
from contextlib import closing

from prometheus_client import Counter
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from services.uploads.commands.lacking import tell_lacking
from services.uploads.commands.news import status_data
from services.uploads.domain.rules import ACCEPTED, REJECTED, WAITING, Place
from services.uploads.models import EvidenceFile
from shared import audit, clock
from shared.antivirus import Scanner, ScannerError, ScanTooLargeError
from shared.audit import Change
from shared.db import Database, after_commit
from shared.errors import ProblemError
from shared.events.outbox import emit
from shared.files import store
from shared.settings import settings
from shared.storage import ObjectMissingError

LOOKS_SECONDS = 0.5
PAUSE_SECONDS = 10.0
AT_A_TIME = 20
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
    """Look at the files that wait, oldest first; False where one cannot be looked at."""
    with database.reading() as session:
        waiting = list(session.scalars(_waiting()).all())
    well = True
    for file in waiting:
        if stop.is_set():
            return True
        try:
            finding = _finding(file)
        except (ScannerError, ProblemError) as error:
            log.warning("a file is not scanned", extra={"file": file.id, "cause": str(error)})
            SCANNED.labels(PUT_OFF).inc()
            return False
        except ObjectMissingError:
            log.exception("a file to be scanned is not in the store", extra={"file": file.id})
            SCANNED.labels(PUT_OFF).inc()
            well = False
            continue
        with database.transaction() as session:
            decide(session, file.id, finding)
    return well


def _waiting() -> Select[EvidenceFile]:
    return (
        select(EvidenceFile)
        .where(EvidenceFile.status == WAITING)
        .order_by(EvidenceFile.uploaded_at, EvidenceFile.id)
        .limit(AT_A_TIME)
    )


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
    now = clock.now()
    file.status, file.finding, file.status_at = REJECTED if finding else ACCEPTED, finding, now
    place = Place(file.centre_no, file.paper_id, file.candidate_no)
    change = Change(before={"status": WAITING}, after={"file": file.id, "status": file.status})
    audit.record(session, None, "evidence.scan", str(place), change)
    emit(session, "evidence.status_changed.v1", place.sheet, status_data(file, now))
    if finding:
        tell_lacking(session, file.centre_no, file.paper_id)
    after_commit(session, SCANNED.labels(file.status).inc)
