"""Keeping a file, and taking one out of view."""

from dataclasses import dataclass
from functools import partial
from typing import Literal

from prometheus_client import Counter
from sqlalchemy.orm import Session

from services.uploads.commands.lacking import tell_lacking
from services.uploads.commands.news import deleted_data, uploaded_data
from services.uploads.commands.quota import one_at_a_time
from services.uploads.domain import rules
from services.uploads.domain.pieces import NOTHING, About
from services.uploads.domain.rules import ACCEPTED, REJECTED, WAITING, Place
from services.uploads.models import EvidenceFile
from services.uploads.queries import (
    FileJson,
    asked_for,
    file_at,
    file_json,
    quota_of,
    same_files,
)
from shared import audit, clock
from shared.access.principal import Principal
from shared.access.rules import not_found
from shared.audit import Change
from shared.db import Database, after_commit
from shared.events.outbox import emit
from shared.files.incoming import IncomingFile
from shared.files.keeping import check_stored, nothing_left_on_failure
from shared.files.kinds import Kind, kind_of
from shared.ids import new_id
from shared.settings import settings
from shared.storage import Stored
from shared.storage_parts import PartStorage

Way = Literal["whole", "parts"]

UPLOADED = Counter(
    "iamis_uploads_total", "Evidence kept: files that came whole or in parts", ["way"]
)
UPLOADED_BYTES = Counter("iamis_upload_bytes_total", "The bytes of the evidence kept", ["way"])


@dataclass(frozen=True)
class Arrived:
    """A file that the store has whole, not listed yet."""

    id: str
    place: Place
    name: str
    stored: Stored
    kind: Kind
    about: About

    @property
    def key(self) -> str:
        """Where the store has it."""
        return key_of(self.place, self.id)


@dataclass(frozen=True)
class To:
    """Where a file is to be kept, and as what; it has at most `max_bytes`.

    With `once`, what the place has already by that name is not kept a second time.
    """

    place: Place
    max_bytes: int
    about: About = NOTHING
    once: bool = False


@dataclass(frozen=True)
class Kept:
    """What became of an upload; `is_new` is false where the same file was there already."""

    file: FileJson
    is_new: bool


def key_of(place: Place, file_id: str) -> str:
    return f"{place.sheet}/{file_id}"


def keep_file(
    database: Database,
    storage: PartStorage,
    who: Principal,
    to: To,
    incoming: IncomingFile,
) -> Kept:
    """Store the file as it arrives and list it once the store has all of it.

    Whatever fails, neither row nor object stays.
    """
    file_id = new_id()
    key = key_of(to.place, file_id)
    with nothing_left_on_failure(storage, key, lambda: _is_listed(database, file_id)):
        stored = storage.put(key, incoming, incoming.content_type, to.max_bytes)
        check_stored(storage, key, stored.size)
        kind = kind_of(incoming.head, incoming.content_type)
        arrived = Arrived(file_id, to.place, incoming.name, stored, kind, to.about)
        kept = database.run(lambda session: list_file(session, who, arrived, "whole", once=to.once))
    if not kept.is_new:
        storage.delete(key)
    return kept


def _is_listed(database: Database, file_id: str) -> bool:
    with database.reading() as session:
        return session.get(EvidenceFile, file_id) is not None


def list_file(session: Session, who: Principal, arrived: Arrived, way: Way, *, once: bool) -> Kept:
    """Bring a stored file into view, and tell of it; it waits where somebody looks for viruses."""
    place = arrived.place
    one_at_a_time(session, place)
    same = same_files(session, place, arrived.stored.sha256)
    told = arrived.name, arrived.about
    usable = [file for file in same if file.status != REJECTED]
    again = next((file for file in usable if (file.name, About.of(file.about)) == told), None)
    if again is not None and once:
        return Kept(file_json(again), is_new=False)
    if way == "whole":
        # One in parts was claimed when it was begun.
        quota_of(session, place).check(arrived.stored.size)
    file = _row(arrived, who)
    session.add(file)
    listed = file_json(file, same[0] if same else None)
    audit.record(session, who, "evidence.upload", str(place), Change(after={**listed}))
    tell_lacking(session, place.centre_no, place.paper_id)
    emit(session, "evidence.uploaded.v1", place.sheet, uploaded_data(file))
    after_commit(session, UPLOADED.labels(way).inc)
    after_commit(session, partial(UPLOADED_BYTES.labels(way).inc, file.size))
    return Kept(listed, is_new=True)


def _row(arrived: Arrived, who: Principal) -> EvidenceFile:
    now = clock.now()
    return EvidenceFile(
        id=arrived.id,
        centre_no=arrived.place.centre_no,
        paper_id=arrived.place.paper_id,
        candidate_no=arrived.place.candidate_no,
        about=arrived.about.kept(),
        name=arrived.name,
        size=arrived.stored.size,
        content_type=arrived.kind.content_type,
        shown_as=arrived.kind.shown_as,
        sha256=arrived.stored.sha256,
        object_key=arrived.key,
        uploaded_at=now,
        uploaded_by=who.name,
        uploaded_by_id=who.user_id,
        status=WAITING if settings().clamav_url else ACCEPTED,
        status_at=now,
    )


def delete_file(session: Session, who: Principal, place: Place, file_id: str) -> None:
    """Take the file out of view; its row and its object are kept."""
    file = file_at(session, who, place, file_id, lock=True)
    now = clock.now()
    asked = asked_for(session, place)
    if asked is None:
        raise not_found()
    rules.check_delete(asked, place.candidate_no, now)
    file.deleted_at, file.deleted_by, file.deleted_by_id = now, who.name, who.user_id
    audit.record(session, who, "evidence.delete", str(place), Change(before={**file_json(file)}))
    tell_lacking(session, place.centre_no, place.paper_id)
    emit(session, "evidence.deleted.v1", place.sheet, deleted_data(file, now))
