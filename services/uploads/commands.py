"""The use cases: keeping a file, and taking one out of view."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from services.uploads.domain import rules
from services.uploads.domain.rules import NO_SAMPLE, OUTSIDE_SAMPLE, Place
from services.uploads.incoming import IncomingFile
from services.uploads.models import EvidenceFile
from services.uploads.queries import FileJson, asked_for, file_at, file_json, is_submitted
from shared import audit, clock
from shared.access.principal import Principal
from shared.access.rules import not_found
from shared.audit import Change
from shared.db import Database
from shared.errors import ProblemError
from shared.events.outbox import emit
from shared.ids import new_id
from shared.settings import settings
from shared.storage import Storage, unavailable

ACCEPTED = "accepted"
NEWS_SECONDS = 1.0
LOOK_AGAIN_SECONDS = 0.02

log = logging.getLogger(__name__)


def check_upload(database: Database, place: Place) -> None:
    """Raise what stands against an upload, before any of the file is read.

    Of a submitted sheet the news of the sample, or of its growth, may be on its way: who has seen
    the sample already is not refused for being quicker than the event.
    """
    until = time.monotonic() + NEWS_SECONDS
    while True:
        with database.reading() as session:
            refusal = _refusal(session, place)
            expected = refusal is not None and _may_be_old_news(session, place, refusal)
        if refusal is None:
            return
        if not expected or time.monotonic() > until:
            raise refusal
        time.sleep(LOOK_AGAIN_SECONDS)


def _refusal(session: Session, place: Place) -> ProblemError | None:
    try:
        rules.check_upload(asked_for(session, place), place.candidate_no, clock.now())
    except ProblemError as refusal:
        return refusal
    return None


def _may_be_old_news(session: Session, place: Place, refusal: ProblemError) -> bool:
    return refusal.slug in {NO_SAMPLE, OUTSIDE_SAMPLE} and is_submitted(session, place)


def keep_file(
    database: Database, storage: Storage, who: Principal, place: Place, incoming: IncomingFile
) -> FileJson:
    """Store the file as it arrives and list it once the store has all of it.

    Whatever fails, neither row nor object stays.
    """
    file_id = new_id()
    key = f"{place.sheet}/{file_id}"
    with _nothing_left_on_failure(database, storage, file_id, key):
        stored = storage.put(key, incoming, incoming.content_type, settings().max_file_bytes)
        if storage.stat(key) != stored.size:
            log.error("the store has another size", extra={"object": key, "size": stored.size})
            raise unavailable()
        file = EvidenceFile(
            id=file_id,
            centre_no=place.centre_no,
            paper_id=place.paper_id,
            candidate_no=place.candidate_no,
            name=incoming.name,
            size=stored.size,
            content_type=incoming.content_type,
            sha256=stored.sha256,
            object_key=key,
            uploaded_at=clock.now(),
            uploaded_by=who.name,
            uploaded_by_id=who.user_id,
        )
        with database.transaction() as session:
            return _record(session, who, place, file)


def _record(session: Session, who: Principal, place: Place, file: EvidenceFile) -> FileJson:
    session.add(file)
    listed = file_json(file)
    audit.record(session, who, "evidence.upload", str(place), Change(after={**listed}))
    data = {
        **_subject(place),
        "file_id": file.id,
        "size": file.size,
        "sha256": file.sha256,
        "content_type": file.content_type,
        "uploaded_at": listed["uploaded_at"],
        "status": ACCEPTED,
    }
    emit(session, "evidence.uploaded.v1", place.sheet, data)
    return listed


def delete_file(session: Session, who: Principal, place: Place, file_id: str) -> None:
    """Take the file out of view; its row and its object are kept."""
    file = file_at(session, place, file_id, lock=True)
    now = clock.now()
    asked = asked_for(session, place)
    if asked is None:
        raise not_found()
    rules.check_delete(asked, place.candidate_no, now)
    file.deleted_at, file.deleted_by, file.deleted_by_id = now, who.name, who.user_id
    audit.record(session, who, "evidence.delete", str(place), Change(before={**file_json(file)}))
    data = {**_subject(place), "file_id": file.id, "deleted_at": now.isoformat()}
    emit(session, "evidence.deleted.v1", place.sheet, data)


def _subject(place: Place) -> dict[str, str | None]:
    return {
        "centre_no": place.centre_no,
        "paper_id": place.paper_id,
        "candidate_no": place.candidate_no,
    }


@contextmanager
def _nothing_left_on_failure(
    database: Database, storage: Storage, file_id: str, key: str
) -> Iterator[None]:
    try:
        yield
    except BaseException:
        _remove_unlisted(database, storage, file_id, key)
        raise


def _remove_unlisted(database: Database, storage: Storage, file_id: str, key: str) -> None:
    """Remove the object unless its row is there after all (a commit may fail in its answer).

    Where store or database are down the object stays: better one too many than one too few.
    """
    try:
        with database.reading() as session:
            listed = session.get(EvidenceFile, file_id) is not None
        if not listed:
            storage.delete(key)
    except (ProblemError, SQLAlchemyError):
        log.exception("an object may be left without its row", extra={"object": key})
