"""Teachers who go on entering marks, whatever happens to the system."""

import itertools
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import urllib3

from tests.support.sheet import Sheet
from tests.support.waiting import wait_for

MARKS = 101
PAUSE_SECONDS = 0.05
SECONDS = 60


class Writer(threading.Thread):
    """Saves one mark after the other until told to stop; remembers what was acknowledged.

    `statuses` counts the answers, 0 those that did not come.
    """

    def __init__(self, sheet: Sheet, numbers: Sequence[str]) -> None:
        super().__init__(daemon=True)
        self._sheet = sheet
        self._numbers = numbers
        self._over = threading.Event()
        # Nobody had a mark before.
        self._possible: dict[str, set[int | None]] = defaultdict(lambda: {None})
        self.statuses: Counter[int] = Counter()

    @property
    def saves(self) -> int:
        return self.statuses[200]

    def run(self) -> None:
        for turn in itertools.count():
            for number in self._numbers:
                if self._over.is_set():
                    return
                self._save(number, turn % MARKS)

    def _save(self, number: str, mark: int) -> None:
        # What is not acknowledged may have been stored all the same.
        self._possible[number].add(mark)
        try:
            status = self._sheet.put(number, {"tasks": [mark]}).status
        except urllib3.exceptions.HTTPError:
            status = 0
        self.statuses[status] += 1
        if status == 200:
            self._possible[number] = {mark}
        else:
            time.sleep(PAUSE_SECONDS)

    def stop(self) -> None:
        self._over.set()
        self.join(SECONDS)
        assert not self.is_alive()

    def lost(self) -> list[str]:
        """Candidates whose stored mark is neither the last acknowledged nor one sent since."""
        stored = {one["candidate_no"]: one["tasks"][0] for one in self._sheet.candidates()}
        return [n for n, possible in self._possible.items() if stored[n] not in possible]


@contextmanager
def writing(sheet: Sheet, count: int) -> Iterator[list[Writer]]:
    """So many writers share the sheet's candidates; at the end nothing acknowledged is lost."""
    numbers = [str(one["candidate_no"]) for one in sheet.candidates()]
    writers = [Writer(sheet, numbers[place::count]) for place in range(count)]
    for writer in writers:
        writer.start()
    try:
        more_saves(writers)
        yield writers
        more_saves(writers)
    finally:
        for writer in writers:
            writer.stop()
    assert [lost for writer in writers for lost in writer.lost()] == []


def more_saves(writers: Sequence[Writer]) -> None:
    """Wait until each writer has saved a few more marks."""
    before = [writer.saves for writer in writers]

    def all_have() -> bool:
        return all(w.saves > count + 5 for w, count in zip(writers, before, strict=True))

    wait_for("marks are being saved", all_have, SECONDS)
