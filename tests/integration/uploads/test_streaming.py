"""Files through the service as it is served: whole, one by one, and nothing of what fails."""

import hashlib
import json
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from services.uploads.models import EvidenceFile
from shared.access.principal import Principal
from shared.storage import Storage
from tests.integration.uploads.conftest import (
    MAX_FILE_BYTES,
    MEBIBYTE,
    NO_UPLOADS,
    Served,
    answer_of,
    bearer,
)
from tests.support.service import BOARD, admin_of, rows_of
from tests.unit.uploads.builders import (
    BOUNDARY,
    CENTRE,
    MULTIPART,
    OTHER_CENTRE,
    OUTSIDE,
    PAPER,
    SHEET,
    candidate_files,
    group_files,
)

ADMIN = admin_of(CENTRE)
HEAD = (
    f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="work.zip"\r\n'
    "Content-Type: application/zip\r\n\r\n"
).encode()
TAIL = f"\r\n--{BOUNDARY}--\r\n".encode()
BIG = 50
PIECES = [hashlib.shake_256(b"%d" % index).digest(MEBIBYTE) for index in range(4)]


def content(mebibytes: int) -> Iterator[bytes]:
    """Bytes that no compression shortens, a piece at a time; the same at every call."""
    for index in range(mebibytes):
        yield index.to_bytes(4, "big") + PIECES[index % len(PIECES)][4:]


def hash_of(pieces: Iterator[bytes]) -> str:
    sent = hashlib.sha256()
    for piece in pieces:
        sent.update(piece)
    return sent.hexdigest()


def upload(
    served: Served, path: str, mebibytes: int, *, who: Principal | None = ADMIN, chunked: bool
) -> tuple[int, Any]:
    """Send all of a file, then read the answer, as most clients do."""
    headers = {"Content-Type": MULTIPART, **bearer(who)}
    if not chunked:
        headers["Content-Length"] = str(len(HEAD) + mebibytes * MEBIBYTE + len(TAIL))

    def body() -> Iterator[bytes]:
        yield HEAD
        yield from content(mebibytes)
        yield TAIL

    connection = served.connect()
    try:
        connection.request("POST", path, body(), headers, encode_chunked=chunked)
        response, said = answer_of(connection)
        return response.status, json.loads(said)
    finally:
        connection.close()


def download(served: Served, path: str) -> tuple[str, int]:
    """The hash and the length of what comes out."""
    connection = served.connect()
    connection.request("GET", path, headers=bearer(ADMIN))
    response = connection.getresponse()
    assert response.status == 200
    got, length = hashlib.sha256(), 0
    while piece := response.read(MEBIBYTE):
        got.update(piece)
        length += len(piece)
    connection.close()
    return got.hexdigest(), length


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("path", [candidate_files(), group_files()])
def test_50_mb_come_out_as_they_went_in(served: Served, path: str, *, chunked: bool) -> None:
    status, file = upload(served, path, BIG, chunked=chunked)
    assert status == 201, file
    assert (file["size"], file["sha256"]) == (BIG * MEBIBYTE, hash_of(content(BIG)))
    assert download(served, f"{path}/{file['id']}") == (file["sha256"], file["size"])


def test_uploads_at_once_are_files_of_their_own(served: Served) -> None:
    with ThreadPoolExecutor(4) as pool:
        sending = [
            pool.submit(upload, served, candidate_files(), 9, chunked=False) for _each in range(4)
        ]
        answers = [sent.result() for sent in sending]
    assert {status for status, _file in answers} == {201}
    assert len({file["id"] for _status, file in answers}) == 4
    assert {file["sha256"] for _status, file in answers} == {hash_of(content(9))}


REFUSED_UNREAD = [
    (None, candidate_files(), 401),
    (admin_of(OTHER_CENTRE), candidate_files(), 404),
    (BOARD, candidate_files(), 403),
    (ADMIN, candidate_files(OUTSIDE), 422),
    (ADMIN, candidate_files(sheet=SHEET.replace(PAPER, NO_UPLOADS)), 409),
]


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize(("who", "path", "status"), REFUSED_UNREAD)
def test_a_sender_of_50_mb_hears_why_it_is_refused(
    served: Served, who: Principal | None, path: str, status: int, *, chunked: bool
) -> None:
    got, problem = upload(served, path, BIG, who=who, chunked=chunked)
    assert (got, problem["status"]) == (status, status)


@pytest.mark.parametrize("chunked", [False, True])
def test_a_file_over_the_limit_is_refused(
    served: Served, storage: Storage, *, chunked: bool
) -> None:
    before = state(served, storage)
    status, problem = upload(
        served, candidate_files(), MAX_FILE_BYTES // MEBIBYTE + 2, chunked=chunked
    )
    assert (status, problem["status"]) == (413, 413)
    assert state(served, storage) == before


LENGTH = f"Content-Length: {60 * MEBIBYTE}"
CHUNKED = "Transfer-Encoding: chunked"


def in_chunk(data: bytes, framing: str) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data) if framing == CHUNKED else data


@pytest.mark.parametrize("framing", [LENGTH, CHUNKED])
@pytest.mark.parametrize("mebibytes", [0, 1, 20])
def test_an_upload_that_breaks_off_leaves_nothing(
    served: Served, storage: Storage, mebibytes: int, framing: str
) -> None:
    before = state(served, storage)
    token = f"Authorization: {bearer(ADMIN)['Authorization']}"
    start = f"POST {candidate_files()} HTTP/1.1"
    lines = [start, "Host: localhost", f"Content-Type: {MULTIPART}", framing, token, "", ""]
    with socket.create_connection(("127.0.0.1", served.port), timeout=60) as sender:
        sender.sendall("\r\n".join(lines).encode())
        for piece in (HEAD, *content(mebibytes)):
            sender.sendall(in_chunk(piece, framing))
        sender.shutdown(socket.SHUT_WR)
        answer = sender.makefile("rb").readline()
    assert b" 400 " in answer
    assert state(served, storage) == before


def state(served: Served, storage: Storage) -> tuple[set[str], set[str]]:
    """The rows and the objects there are; nothing else may be left half-way."""
    # The part of the client's interface that lists unfinished uploads is private.
    unfinished = storage.client._list_multipart_uploads(storage.bucket)  # noqa: SLF001
    assert not unfinished.uploads
    objects = storage.client.list_objects(storage.bucket, recursive=True)
    with served.inside.transaction() as session:
        rows = {row.object_key for row in rows_of(session, EvidenceFile)}
    return rows, {str(one.object_name) for one in objects}


def test_every_row_has_its_object_and_every_object_its_row(
    served: Served, storage: Storage
) -> None:
    upload(served, candidate_files(), 1, chunked=False)
    rows, objects = state(served, storage)
    assert rows == objects


def test_the_size_of_a_file_is_not_that_of_memory(served: Served) -> None:
    upload(served, candidate_files(), 20, chunked=False)
    before = served.highest_memory()
    _status, file = upload(served, candidate_files(), 60, chunked=False)
    download(served, f"{candidate_files()}/{file['id']}")
    grown = served.highest_memory() - before
    assert grown < 32 * MEBIBYTE, f"{grown / MEBIBYTE:.0f} MiB more"
