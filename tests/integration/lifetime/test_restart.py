"""A crash of everything in the middle of the work: what was acknowledged is there afterwards."""

import hashlib
import os
import signal
import threading
from pathlib import Path

import pytest
import urllib3

from tests.integration.lifetime.conftest import NewSheet
from tests.support.api import entries
from tests.support.faults import emitted
from tests.support.operator import iamis
from tests.support.processes import processes_of_home
from tests.support.sheet import Sheet
from tests.support.stack import EMBEDDED, REAL, Stack
from tests.support.waiting import wait_for

CANDIDATES = 60
WRITERS = 4
SAVES_BEFORE_THE_CRASH = 200
SECONDS = 60
FILE = hashlib.shake_256(b"evidence").digest(3 * 2**20)


class Writer(threading.Thread):
    """A teacher who saves one mark after the other, until nobody answers any more."""

    def __init__(self, sheet: Sheet, numbers: list[str]) -> None:
        super().__init__()
        self.sheet = sheet
        self.numbers = numbers
        self.acknowledged: dict[str, int] = {}
        self.sent: dict[str, int] = {}
        self.saves = 0

    def run(self) -> None:
        for mark, number in ((m, n) for m in range(101) for n in self.numbers):
            self.sent[number] = mark
            try:
                answer = self.sheet.put(number, {"tasks": [mark]})
            except urllib3.exceptions.HTTPError:
                return
            if answer.status != 200:
                return
            self.acknowledged[number] = mark
            self.saves += 1

    def lost(self, stored: dict[str, int | None]) -> list[str]:
        """Candidates whose mark is neither the acknowledged one nor the one on its way."""
        return [
            number
            for number in self.sent
            if stored[number] not in (self.acknowledged.get(number), self.sent[number])
        ]


def kill_everything(stack: Stack) -> None:
    """As when the machine goes down: the launcher first, then whatever it had started."""
    alive = stack.processes()
    for pid in [stack.process.pid, *alive]:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    stack.process.wait()
    wait_for("all of it is gone", lambda: not stack.processes(), SECONDS)


@pytest.mark.long
def test_what_was_acknowledged_is_there_after_a_crash(stack: Stack, new_sheet: NewSheet) -> None:
    done, saving, sending = (new_sheet(count) for count in (19, CANDIDATES, 10))
    done.fill_all()
    done.submit()
    files = done.wait_for_uploads(str(done.wait_for_sample()[0]["candidate_no"]))
    sending.fill_all()
    numbers = [one["candidate_no"] for one in saving.candidates()]
    writers = [Writer(saving, numbers[place::WRITERS]) for place in range(WRITERS)]
    for writer in writers:
        writer.start()
    enough = SAVES_BEFORE_THE_CRASH
    wait_for("marks are being saved", lambda: sum(w.saves for w in writers) > enough, SECONDS)

    stored = done.api.upload(files, "gwaith.zip", FILE).expect(201)
    receipt = sending.submit()
    kill_everything(stack)
    for writer in writers:
        writer.join()
    print(f"marks saved before the crash: {sum(writer.saves for writer in writers)}")
    stack.start()

    marks = {one["candidate_no"]: one["tasks"][0] for one in saving.candidates()}
    assert [lost for writer in writers for lost in writer.lost(marks)] == []
    assert done.api.get(f"{files}/{stored['id']}").content == FILE
    assert sending.offer().expect(200) == receipt
    for sheet in (done, sending):
        sheet.wait_for_sample()
        subject = f"{sheet.centre_no}/{sheet.paper_id}"
        assert emitted(stack, "sampling", "sample.generated.v1", subject) == 1


def load(stack: Stack, file: Path) -> None:
    """Load the entries as an operator."""
    loaded = iamis(stack.path, "import-entries", file)
    assert loaded.out == "29 added, 0 changed, 0 withdrawn, 1 unchanged.\n"


@pytest.mark.long
def test_an_ordinary_restart_keeps_all_of_it(
    stack: Stack, new_sheet: NewSheet, tmp_path: Path
) -> None:
    sheet, growing = new_sheet(11), new_sheet(1)
    file = tmp_path / "entries.csv"
    more = entries(growing.paper()["code"], growing.centre_no, range(1, 31))
    file.write_text(more, encoding="utf-8")
    sheet.fill_all(73)
    sheet.submit()
    chosen = sheet.wait_for_sample()
    files = sheet.wait_for_uploads(str(chosen[0]["candidate_no"]))
    stored = sheet.api.upload(files, "gwaith.zip", FILE).expect(201)
    before = sheet.candidates()

    if stack.kind == REAL:
        # With its servers the databases are stopped too.
        load(stack, file)
    assert stack.stop(signal.SIGINT) == 0
    assert not stack.processes()
    assert processes_of_home(stack.path) == {}
    if stack.kind == EMBEDDED:
        load(stack, file)
    stack.start()

    assert sheet.candidates() == before
    keys = ("candidate_no", "chosen_by", "reason", "at")
    assert [[one[key] for key in keys] for one in sheet.sample()["candidates"]] == [
        [one[key] for key in keys] for one in chosen
    ]
    assert sheet.api.get(f"{files}/{stored['id']}").content == FILE
    assert sheet.api.get(files).expect(200)["total"] == 1
    assert growing.paper()["candidates"] == 30
    # What was loaded beside the services, or while none ran, has its events too.
    wait_for("reports knows the candidates", lambda: len(growing.report()["rows"]) == 30, SECONDS)
