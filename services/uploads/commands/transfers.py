"""Uploads in parts: begun, gone on with after a break, completed, or given up.

The store knows which parts it has, and nobody else keeps a list. What was begun and left is
cleared away after `KEPT`.
"""

import hashlib
import logging
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from services.uploads.commands.admission import check_upload
from services.uploads.commands.files import Arrived, Kept, key_of, list_file
from services.uploads.commands.quota import claim
from services.uploads.domain.parts import Cut, check_content, check_size, check_whole
from services.uploads.domain.pieces import NOTHING, About
from services.uploads.domain.rules import Place, counted_at
from services.uploads.models import EvidenceFile, Transfer
from services.uploads.queries import FileJson, file_json, transfer_at
from shared import clock
from shared.access.principal import Principal
from shared.access.rules import not_found
from shared.db import Database
from shared.errors import ProblemError
from shared.files.keeping import check_stored
from shared.files.kinds import BYTES, HEAD_BYTES, kind_of
from shared.files.names import clean
from shared.ids import new_id
from shared.storage import ObjectMissingError, Stored
from shared.storage_parts import PartStorage

KEPT = timedelta(days=7)
AT_A_TIME = 100

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Announced:
    """A file that somebody is going to send in parts."""

    name: str
    size: int
    content_type: str | None = None
    sha256: str | None = None
    about: About = NOTHING


def begin(
    database: Database, storage: PartStorage, who: Principal, place: Place, file: Announced
) -> Transfer:
    """Begin an upload; what stands against the file is said before any of it is sent."""
    check_size(file.size, check_upload(database, place, file.about, file.size))
    transfer_id = new_id()
    key = key_of(place, transfer_id)
    upload_id = storage.begin(key)

    def add(session: Session) -> Transfer:
        claim(session, place, file.size)
        transfer = _row(transfer_id, place, file, upload_id, who)
        session.add(transfer)
        session.flush()
        session.expunge(transfer)
        return transfer

    try:
        return database.run(add)
    except BaseException:
        storage.abort(key, upload_id)
        raise


def _row(
    transfer_id: str, place: Place, file: Announced, upload_id: str, who: Principal
) -> Transfer:
    return Transfer(
        id=transfer_id,
        centre_no=place.centre_no,
        paper_id=place.paper_id,
        candidate_no=place.candidate_no,
        about=file.about.kept(),
        name=clean(file.name),
        size=file.size,
        content_type=file.content_type or BYTES,
        sha256=file.sha256,
        object_key=key_of(place, transfer_id),
        store_id=upload_id,
        begun_at=clock.now(),
        begun_by_id=who.user_id,
    )


def complete(
    database: Database, storage: PartStorage, who: Principal, asked: Transfer, *, once: bool
) -> Kept:
    """List the file, once the store has all of it and its content is what was sent.

    What was begun in time may end a little later. Asked again after a lost answer, it goes on where
    it was.
    """
    place, about = place_of(asked), About.of(asked.about)
    check_upload(database, place, about, at=counted_at(asked.begun_at, clock.now()))
    _assemble(storage, asked)
    check_stored(storage, asked.object_key, asked.size)
    sha256, head = _look(storage, asked.object_key, asked.size)
    try:
        check_content(asked.sha256, sha256)
    except ProblemError:
        give_up(database, storage, asked)
        raise
    stored = Stored(asked.size, sha256)
    kind = kind_of(head, asked.content_type)
    arrived = Arrived(asked.id, place, asked.name, stored, kind, about)
    kept = database.run(lambda session: _list_once(session, who, arrived, once=once))
    if not kept.is_new and kept.file["id"] != asked.id:
        storage.delete(asked.object_key)
    return kept


def _list_once(session: Session, who: Principal, arrived: Arrived, *, once: bool) -> Kept:
    """Of two who complete it at once, the second is told of the first's file."""
    transfer = session.get(Transfer, arrived.id, with_for_update=True)
    if transfer is None:
        listed = session.get(EvidenceFile, arrived.id)
        if listed is None:
            raise not_found()
        return Kept(file_json(listed), is_new=False)
    session.delete(transfer)
    return list_file(session, who, arrived, "parts", once=once)


def _assemble(storage: PartStorage, asked: Transfer) -> None:
    """Have the store make one object of the parts, unless it has done so, perhaps just now."""
    key, store_id, cut = asked.object_key, asked.store_id, Cut(asked.size)
    with suppress(ObjectMissingError):
        there = storage.parts(key, store_id)
        check_whole(cut, {part.number: part.size for part in there})
        storage.complete(key, store_id, [part for part in there if cut.bytes_of(part.number)])


def _look(storage: PartStorage, key: str, size: int) -> tuple[str, bytes]:
    """The SHA-256 of what the store has, read back from it, and how it begins.

    Meanwhile it is flushed: once this has returned, the object is on disk.
    """
    hasher, head = hashlib.sha256(), b""
    with ThreadPoolExecutor(1, "flush") as pool, closing(storage.read_ahead(key, size)) as content:
        flushing = pool.submit(storage.flush)
        for piece in content:
            hasher.update(piece)
            head += piece[: HEAD_BYTES - len(head)]
        flushing.result()
    return hasher.hexdigest(), head


def give_up(database: Database, storage: PartStorage, transfer: Transfer) -> None:
    """Forget the upload and all that has arrived of it, unless it has become a file meanwhile.

    Whoever lists the file takes the row: only who has taken it may delete the object.
    """
    storage.abort(transfer.object_key, transfer.store_id)
    claimed = delete(Transfer).where(Transfer.id == transfer.id).returning(Transfer.id)
    with database.transaction() as session:
        is_ours = session.scalar(claimed) is not None
    if is_ours:
        storage.delete(transfer.object_key)


def forget(session: Session) -> None:
    """Forget the uploads under way: their parts were in a store that is no more."""
    session.execute(delete(Transfer))


def clear(database: Database, storage: PartStorage) -> int:
    """Clear away what was begun and left, in the store too; gives how many there were."""
    over = clock.now() - KEPT
    with database.reading() as session:
        left = select(Transfer).where(Transfer.begun_at < over).limit(AT_A_TIME)
        forgotten = list(session.scalars(left).all())
    for transfer in forgotten:
        give_up(database, storage, transfer)
    return len(forgotten) + _clear_unknown(database, storage)


def _clear_unknown(database: Database, storage: PartStorage) -> int:
    """Uploads that the store knows and we do not: somebody died between the two."""
    over = clock.now() - KEPT
    old = [one for one in storage.unfinished() if one.begun_at and one.begun_at < over]
    with database.reading() as session:
        named = select(Transfer.store_id).where(Transfer.store_id.in_([o.upload_id for o in old]))
        known = set(session.scalars(named).all())
    unknown = [one for one in old if one.upload_id not in known]
    for one in unknown:
        storage.abort(one.key, one.upload_id)
    return len(unknown)


def place_of(transfer: Transfer) -> Place:
    return Place(transfer.centre_no, transfer.paper_id, transfer.candidate_no)


def completed(session: Session, who: Principal, place: Place, transfer_id: str) -> FileJson | None:
    """The file that this upload became, where its sender did not hear the answer."""
    file = session.get(EvidenceFile, transfer_id)
    if file is None or file.deleted_at is not None or file.uploaded_by_id != who.user_id:
        return None
    at_sheet = (file.centre_no, file.paper_id) == (place.centre_no, place.paper_id)
    return file_json(file) if at_sheet else None


def own(session: Session, who: Principal, place: Place, transfer_id: str) -> Transfer:
    """The upload that this account has begun at this sheet, else `NotFoundError`."""
    transfer = transfer_at(session, place, transfer_id)
    if transfer is None or transfer.begun_by_id != who.user_id:
        raise not_found()
    return transfer
