"""Uploads that break off, many of them: no thread, connection, object or row is left behind."""

import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from services.uploads.models import Transfer
from shared.storage import Storage
from tests.integration.uploads.conftest import Served, answer_of, bearer
from tests.integration.uploads.test_streaming import ADMIN, HEAD, content, state
from tests.support.service import rows_of
from tests.support.waiting import wait_for
from tests.unit.uploads.builders import MULTIPART, SAMPLED, SHEET, candidate_files

pytestmark = pytest.mark.long
UPLOADS = f"{SHEET}/uploads"
BREAKS = 200
AT_ONCE = 8


@pytest.fixture(autouse=True)
def _bucket(storage: Storage) -> None:
    storage.ensure_bucket()


def in_use(served: Served) -> tuple[int, int]:
    """The threads of the worker, and the connections it has."""
    process = Path(f"/proc/{served.worker}")
    threads = len(list((process / "task").iterdir()))
    return threads, sum(_is_socket(one) for one in (process / "fd").iterdir())


def _is_socket(descriptor: Path) -> bool:
    try:
        return str(descriptor.readlink()).startswith("socket:")
    except FileNotFoundError:
        return False


def break_off(served: Served, number: int) -> None:
    """Send a little, or a part and more, and hang up without a word."""
    token = f"Authorization: {bearer(ADMIN)['Authorization']}"
    lines = [f"POST {candidate_files()} HTTP/1.1", "Host: localhost", f"Content-Type: {MULTIPART}"]
    lines += ["Content-Length: 60000000", token, "", ""]
    with socket.create_connection(("127.0.0.1", served.port), timeout=60) as sender:
        sender.sendall("\r\n".join(lines).encode() + HEAD)
        for piece in content(number % 3 * 5):
            sender.sendall(piece)


def call(served: Served, method: str, path: str, body: bytes, kind: str) -> bytes:
    connection = served.connect()
    try:
        connection.request(method, path, body, {"Content-Type": kind, **bearer(ADMIN)})
        response, said = answer_of(connection)
        assert response.status < 300, said
        return said
    finally:
        connection.close()


def begin_and_give_up(served: Served, _number: int) -> None:
    told = {"name": "a.bin", "size": 20_000_000, "candidate_no": SAMPLED[0]}
    begun = json.loads(call(served, "POST", UPLOADS, json.dumps(told).encode(), "application/json"))
    at = f"{UPLOADS}/{begun['id']}"
    part = bytes(begun["part_size"])
    call(served, "PUT", f"{at}/parts/1", part, "application/octet-stream")
    call(served, "DELETE", at, b"", "application/json")


def break_many_off(served: Served) -> tuple[int, int]:
    """What is in use afterwards, once it no longer changes."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda number: break_off(served, number), range(BREAKS)))
    seen = [(0, 0)]

    def settled() -> bool:
        time.sleep(1)
        seen.append(in_use(served))
        return seen[-1] == seen[-2]

    wait_for("nothing more is given back", settled, 120)
    return seen[-1]


def test_many_that_break_off_leave_nothing(served: Served, storage: Storage) -> None:
    """The first are the server's warming up: it keeps threads and connections for the next.

    Where the machine was busy its pools may not be full yet: they grow by as many as come at once.
    """
    before, used = state(served, storage), break_many_off(served)
    again = break_many_off(served)
    print(f"threads and connections: {used}, after {BREAKS} more {again}")
    assert again[0] <= used[0] + AT_ONCE
    assert again[1] <= used[1] + AT_ONCE
    assert state(served, storage) == before


def test_uploads_in_parts_that_are_given_up_leave_nothing(served: Served, storage: Storage) -> None:
    before = state(served, storage)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda number: begin_and_give_up(served, number), range(BREAKS)))
    assert state(served, storage) == before
    with served.inside.transaction() as session:
        assert rows_of(session, Transfer) == []
