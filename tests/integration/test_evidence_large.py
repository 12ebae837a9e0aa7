"""1 GB whole, in parts and straight to the store: the same bytes, little memory, and how fast."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.integration.conftest import MakeSheet
from tests.integration.test_contract_files import submitted
from tests.support.large_files import (
    MEBIBYTE,
    hash_of,
    made,
    plain_store,
    send_direct,
    send_parts,
    send_plain,
    send_whole,
)
from tests.support.sheet import Sheet
from tests.support.stack import Stack

pytestmark = [pytest.mark.long, pytest.mark.timeout(1500)]
SIZE = 1024 * MEBIBYTE
GROWTH_BYTES = 32 * MEBIBYTE

Send = Callable[[Stack, Sheet, int, int], dict[str, Any]]


def comes_back(sheet: Sheet, file_id: str) -> str:
    url = f"{sheet.api.base_url}{sheet.files('0001')}/{file_id}"
    sent = {"Authorization": f"Bearer {sheet.api.token}"}
    answer = sheet.api.pool.request("GET", url, headers=sent, preload_content=False)
    try:
        return hash_of(answer.stream(MEBIBYTE))
    finally:
        answer.release_conn()


def memory_of(stack: Stack) -> dict[str, int]:
    """The most memory each of the system's own processes has held, in bytes, by its name."""
    pids = {name: pid for name, pid in stack.instance.pids.items() if name != "store"}
    return {f"{name} {pid}": _highest(pid) for name, top in pids.items() for pid in _tree(top)}


def _tree(pid: int) -> Iterator[int]:
    yield pid
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    for child in children.split():
        yield from _tree(int(child))


def _highest(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    line = next(line for line in status if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


@pytest.fixture(scope="module")
def sampled(make_sheet: MakeSheet) -> Sheet:
    return submitted(make_sheet(3))


@pytest.fixture(scope="module")
def seconds_of_the_client(stack: Stack) -> float:
    """How long the plain client of the store takes for the same bytes."""
    storage = plain_store(stack)
    begun = time.monotonic()
    send_plain(storage, SIZE, 9)
    return time.monotonic() - begun


@pytest.mark.parametrize("send", [send_whole, send_parts, send_direct])
def test_1_gb_comes_out_as_it_went_in_and_is_held_by_nobody(
    stack: Stack,
    sampled: Sheet,
    seconds_of_the_client: float,
    send: Send,
) -> None:
    before = memory_of(stack)
    begun = time.monotonic()
    file = send(stack, sampled, SIZE, 2)
    taken = time.monotonic() - begun
    assert (file["size"], file["sha256"]) == (SIZE, hash_of(made(SIZE, 2)))
    assert comes_back(sampled, file["id"]) == file["sha256"]
    grown = {name: held - before[name] for name, held in memory_of(stack).items() if name in before}
    ratio = seconds_of_the_client / taken
    print(f"{send.__name__}: {taken:.1f} s, {ratio:.2f} of the client's speed")
    print({name: f"{more / MEBIBYTE:.1f} MiB" for name, more in grown.items() if more > MEBIBYTE})
    assert max(grown.values()) < GROWTH_BYTES, grown
