"""What somebody does to a real store behind the system's back is found."""

import io
from typing import Any

from services.uploads.commands.verifying import Finding, verify
from shared.settings import S3Settings
from shared.storage_parts import PartStorage
from tests.integration.uploads.conftest import MEBIBYTE, Served
from tests.integration.uploads.test_streaming import content, upload
from tests.unit.uploads.builders import CENTRE, PAPER, candidate_files


def test_an_object_altered_or_deleted_is_found(served: Served, s3: S3Settings) -> None:
    storage = PartStorage(s3)
    altered, lost = (_key(upload(served, candidate_files(), 1, chunked=False)) for _two in "12")
    whole = b"".join(content(1))
    _put(storage, altered, b"!" + whole[1:])
    storage.delete(lost)
    stray = f"{CENTRE}/{PAPER}/nobody-knows-this"
    _put(storage, stray, b"stray")
    try:
        expected = {Finding("content", altered), Finding("lost", lost), Finding("stray", stray)}
        assert set(_findings(served, storage)) == expected
    finally:
        for key in (altered, lost):
            _put(storage, key, whole)
        storage.delete(stray)
    assert _findings(served, storage) == []


def _key(answer: tuple[int, Any]) -> str:
    status, file = answer
    assert (status, file["size"]) == (201, MEBIBYTE)
    return f"{CENTRE}/{PAPER}/{file['id']}"


def _put(storage: PartStorage, key: str, data: bytes) -> None:
    storage.put(key, io.BytesIO(data), "application/octet-stream", len(data))


def _findings(served: Served, storage: PartStorage) -> list[Finding]:
    return verify(served.inside.database, storage, content=True, on_progress=lambda _done: None)
