"""Clients who enter the marks of their papers and submit them, whatever happens to the system."""

import queue
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress

import urllib3

from tests.support.api import Answer, Api
from tests.support.sheet import Sheet
from tests.support.waiting import wait_for

MARKS = 101
PAUSE_SECONDS = 0.1
# What a system that is partly down may answer; 0 is no answer.
NOT_NOW = {0, 502, 503}
PATIENCE_SECONDS = 180
SHARE_SECONDS = 240


class Submitters:
    """Several clients share the papers of a centre, and go on until all are submitted.

    No more of them than were let. `receipts` has what was acknowledged: the first receipt's id by
    paper. `statuses` counts the answers.
    """

    def __init__(
        self, clients: Sequence[Api], centre_no: str, papers: Sequence[str], candidates: int
    ) -> None:
        self._clients = clients
        self._centre_no = centre_no
        self._candidates = candidates
        self._papers = papers
        self._places: queue.SimpleQueue[int] = queue.SimpleQueue()
        self._pool = ThreadPoolExecutor(len(clients))
        self._running: list[Future[None]] = []
        self._lock = threading.Lock()
        self.receipts: dict[str, str] = {}
        self.statuses: Counter[int] = Counter()
        for place in range(len(papers)):
            self._places.put(place)
        self._let = threading.Semaphore(0)
        self._allowed = 0
        self._over = threading.Event()

    def start(self) -> None:
        self._running = [self._pool.submit(self._work, api) for api in self._clients]

    def let(self, count: int) -> None:
        """Let so many more papers be submitted."""
        self._allowed += count
        self._let.release(count)

    def wait_until_left(self, count: int) -> None:
        """Wait until all that were let are submitted, but so many."""
        wanted = self._allowed - count

        def done() -> bool:
            for one in self._running:
                if one.done():
                    one.result()
            return len(self.receipts) >= wanted

        wait_for(f"{wanted} submissions", done, SHARE_SECONDS)

    def marks(self, paper_id: str) -> dict[str, list[int]]:
        """What is entered for the paper: another column of marks for each."""
        place = self._papers.index(paper_id)
        numbers = range(1, self._candidates + 1)
        return {f"{number:04d}": [(place + 7 * number) % MARKS] for number in numbers}

    def stop(self) -> None:
        """Let everyone go home, whatever is left; raises what one of them met."""
        self._over.set()
        self._let.release(len(self._clients))
        for one in self._running:
            one.result(PATIENCE_SECONDS)
        self._pool.shutdown()

    def _work(self, api: Api) -> None:
        while True:
            self._let.acquire()
            if self._over.is_set():
                return
            place = self._places.get()
            # Where it does not work, the token is good for some time yet.
            with suppress(AssertionError, urllib3.exceptions.HTTPError):
                api.renew()
            self._submit(Sheet(api, self._centre_no, self._papers[place]))

    def _submit(self, sheet: Sheet) -> None:
        marks = self.marks(sheet.paper_id)
        rows = [{"candidate_no": number, "tasks": tasks} for number, tasks in marks.items()]
        saved = self._until_answered(lambda: sheet.patch(*rows), {200}).json
        assert len(saved["saved"]) == len(rows), saved
        # Submitted once more where the first answer did not come.
        receipt = self._until_answered(sheet.offer, {200, 201}).json
        with self._lock:
            self.receipts[sheet.paper_id] = receipt["id"]

    def _until_answered(self, ask: Callable[[], Answer], wanted: set[int]) -> Answer:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            answer = None
            with suppress(urllib3.exceptions.HTTPError):
                answer = ask()
            status = answer.status if answer else 0
            with self._lock:
                self.statuses[status] += 1
            if answer and status in wanted:
                return answer
            assert status in NOT_NOW, answer
            assert time.monotonic() < deadline, answer
            time.sleep(PAUSE_SECONDS)
