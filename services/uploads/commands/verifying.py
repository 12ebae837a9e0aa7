"""Whether every row has its object as it was stored, and every object its row."""

import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass

from sqlalchemy import func, select

from services.uploads.models import EvidenceFile, Transfer
from shared import audit
from shared.audit import Change
from shared.db import Database
from shared.files.store import OF_REPORTS
from shared.slices import slices
from shared.storage import ObjectMissingError
from shared.storage_parts import PartStorage

# An object is there a moment before its row is.
MOMENT_SECONDS = 2.0
AT_A_TIME = 500
SUBJECT = "evidence"

Progress = Callable[[int], None]


@dataclass(frozen=True)
class Finding:
    """What is wrong: `lost`, `size`, `content` (of a row), or `stray` (an object without a row)."""

    what: str
    key: str


def count(database: Database) -> int:
    """How many files there are to be looked at."""
    with database.reading() as session:
        kept = select(func.count()).where(EvidenceFile.purged_at.is_(None))
        return session.scalar(kept) or 0


def verify(
    database: Database, storage: PartStorage, *, content: bool, on_progress: Progress
) -> list[Finding]:
    """Look at everything, deleted files too; without `content`, at the sizes alone."""
    found = [*_rows(database, storage, content=content, on_progress=on_progress)]
    found += [Finding("stray", key) for key in _strays(database, storage)]
    summary = {"content": content, "findings": len(found)}
    with database.transaction() as session:
        audit.record(session, None, "evidence.verify", SUBJECT, Change(after=summary))
    return found


def _rows(
    database: Database, storage: PartStorage, *, content: bool, on_progress: Progress
) -> Iterator[Finding]:
    for file in _files(database):
        what = _wrong(storage, file, content=content)
        if what:
            yield Finding(what, file.object_key)
        on_progress(1)


def _files(database: Database) -> Iterator[EvidenceFile]:
    """Every file that is kept, some at a time: no transaction is held while they are read."""
    last = ""
    while True:
        with database.reading() as session:
            following = (
                select(EvidenceFile)
                .where(EvidenceFile.id > last, EvidenceFile.purged_at.is_(None))
                .order_by(EvidenceFile.id)
                .limit(AT_A_TIME)
            )
            some = list(session.scalars(following).all())
        if not some:
            return
        yield from some
        last = some[-1].id


def _wrong(storage: PartStorage, file: EvidenceFile, *, content: bool) -> str:
    try:
        if storage.stat(file.object_key) != file.size:
            return "size"
        if content and _hash(storage, file) != file.sha256:
            return "content"
    except ObjectMissingError:
        return "lost"
    return ""


def _hash(storage: PartStorage, file: EvidenceFile) -> str:
    hasher = hashlib.sha256()
    with closing(storage.read_ahead(file.object_key, file.size)) as pieces:
        for piece in pieces:
            hasher.update(piece)
    return hasher.hexdigest()


def _strays(database: Database, storage: PartStorage) -> list[str]:
    keys = list(storage.keys())
    unknown = _unknown(database, [key for key in keys if not key.startswith(OF_REPORTS)])
    if unknown:
        time.sleep(MOMENT_SECONDS)
    return _unknown(database, unknown)


def _unknown(database: Database, keys: list[str]) -> list[str]:
    """Those of `keys` that neither a file nor an upload under way has; a purged file has none."""
    unknown: list[str] = []
    for some in slices(keys, AT_A_TIME):
        with database.reading() as session:
            of_files = select(EvidenceFile.object_key).where(
                EvidenceFile.object_key.in_(some), EvidenceFile.purged_at.is_(None)
            )
            of_transfers = select(Transfer.object_key).where(Transfer.object_key.in_(some))
            known = {*session.scalars(of_files), *session.scalars(of_transfers)}
        unknown += [key for key in some if key not in known]
    return unknown
