"""Every process replaced, one after another, while people work: nobody notices."""

import hashlib
import threading
import time
from collections import Counter
from collections.abc import Collection
from pathlib import Path

import pytest

from shared.launcher.instance import worker_of
from tests.integration.conftest import Accounts
from tests.integration.lifetime.conftest import NewSheet
from tests.support.api import Api
from tests.support.copies import TOLD_SECONDS, Copies, can_run, copies_of, send_to
from tests.support.effects import dead_letters, emitted_about, emitted_events, unhandled
from tests.support.faults import SERVICES, all_answer, all_told, emitted
from tests.support.sheet import Sheet
from tests.support.stack import REAL, Stack
from tests.support.submitters import Submitters
from tests.support.waiting import wait_for
from tests.support.writers import more_saves, writing

CANDIDATES = 11
# One is submitted at each restart: two copies and a worker of each service, three of the gateway.
PAPERS = 3 * len(SERVICES) + 3
FILE = hashlib.shake_256(b"evidence").digest(2**20)
SECONDS = 120

# The embedded stack has one copy of each.
pytestmark = [
    pytest.mark.timeout(1200),
    pytest.mark.parametrize(
        "stack", [pytest.param(REAL, marks=pytest.mark.long)], indirect=True, scope="package"
    ),
]


class Uploader(threading.Thread):
    """Sends one file after the other until told to stop."""

    def __init__(self, api: Api, path: str) -> None:
        super().__init__(daemon=True)
        self._api, self._path = api, path
        self._over = threading.Event()
        self.statuses: Counter[int] = Counter()

    def run(self) -> None:
        while not self._over.wait(0.2):
            name = f"{sum(self.statuses.values())}.bin"
            pieces = (FILE[at : at + 2**16] for at in range(0, len(FILE), 2**16))
            self.statuses[self._api.upload(self._path, name, pieces).status] += 1

    def stop(self) -> None:
        self._over.set()
        self.join(SECONDS)
        assert not self.is_alive()


def replace_everything(copies: Copies, stack: Stack, clients: list[Api], work: Submitters) -> None:
    for name in SERVICES:
        copies.end(f"{name} {stack.instance.ports[name]}")
        work.let(1)
        copies.start(name)
        copies.end_first(name)
        work.let(1)
        copies.wait_for_both(name)
        copies.end_first(worker_of(name))
        work.let(1)
        wait_for(f"{name} works", lambda: all_answer(stack), SECONDS)
    first, second = copies.gateways
    for port, other in (first, second), (second, first):
        send_to(clients, other)
        time.sleep(TOLD_SECONDS)
        copies.end(f"gateway {port}")
        work.let(1)
        copies.start_gateway(port)
    copies.end_first(worker_of("gateway"))
    work.let(1)


@pytest.fixture
def clients(stack: Stack, accounts: Accounts) -> list[Api]:
    if not can_run():
        pytest.skip("a gateway with names of its own needs root")
    teacher = next(one for one in stack.accounts if one["role"] == "user")
    return [Api.signed_in(stack.base_url, teacher) for _each in range(1)] + [accounts["user"]]


def expect_files_told(stack: Stack, subject: str, count: int, since: Collection[str]) -> None:
    """So many files, each told once, and nothing that was told `since` is left lying."""
    wait_for("every event is handled", lambda: not unhandled(stack, since), SECONDS)
    assert dead_letters(stack) == []
    assert emitted_about(stack, {subject})["evidence.uploaded.v1"].total() == count


def test_no_request_fails_and_no_event_is_lost_or_doubled(
    stack: Stack, clients: list[Api], new_sheet: NewSheet, tmp_path: Path
) -> None:
    since = emitted_events(stack).keys()
    written, evidence, *submitted = (new_sheet(CANDIDATES) for _each in range(PAPERS + 2))
    evidence.fill_all()
    evidence.submit()
    evidence.settle()
    files = evidence.wait_for_uploads(str(evidence.wait_for_sample()[0]["candidate_no"]))
    centre, papers = written.centre_no, [sheet.paper_id for sheet in submitted]
    with copies_of(stack, tmp_path) as copies:
        send_to(clients, copies.gateways[0])
        work = Submitters(clients[:1], centre, papers, CANDIDATES)
        uploader = Uploader(clients[1], files)
        work.start()
        uploader.start()
        try:
            with writing(Sheet(clients[1], centre, written.paper_id), 2) as writers:
                replace_everything(copies, stack, clients, work)
                work.wait_until_left(0)
                more_saves(writers)
        finally:
            work.stop()
            uploader.stop()
        saved = sum((writer.statuses for writer in writers), Counter())
        print("marks", saved, "submissions", work.statuses, "files", uploader.statuses)
        assert saved.keys() == {200}
        assert work.statuses.keys() <= {200, 201}
        assert uploader.statuses.keys() == {201}
        send_to(clients, stack.port)

    wait_for("everybody knows all", lambda: all_told(stack), SECONDS)
    assert evidence.api.get(files).expect(200)["total"] == uploader.statuses[201]
    expect_files_told(stack, f"{centre}/{evidence.paper_id}", uploader.statuses[201], since)
    for sheet in submitted:
        _is_submitted_once(stack, sheet, work)


def _is_submitted_once(stack: Stack, sheet: Sheet, work: Submitters) -> None:
    sheet.settle()
    subject = f"{sheet.centre_no}/{sheet.paper_id}"
    assert emitted(stack, "marks", "marks.submitted.v1", subject) == 1
    assert emitted(stack, "sampling", "sample.generated.v1", subject) == 1
    stored = {one["candidate_no"]: one["tasks"] for one in sheet.candidates()}
    assert stored == work.marks(sheet.paper_id)
