"""What people ask of the system on deadline day, and when: by a plan, whatever is answered.

At ten times its expected rate the last hour has 1,300 marks a second and 28 submissions. Whoever
submits a sheet has looked at the menu and at the sheet before, and looks at the report after.
Marks come in batches as the page sends them: what was typed since the last answer, a mark or some,
or a class that was pasted.
"""

import itertools
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from services.gateway import paths
from tests.bench.board import COMPLETE, OPEN, SUBMITTED, Board, by_state
from tests.support.sheet import DECLARED

MARKS, SUBMISSIONS = 1_300.0, 28.0
MENU, SHEET, REPORT, SAVE, SUBMIT = "menu", "sheet", "report", "marks", "submission"
KINDS = (MENU, SHEET, REPORT, SAVE, SUBMIT)
# How many marks of a sheet come together, sheet by sheet.
TYPED, PASTED = (1, 2, 5, 10, 1, 2, 5, 10, 12), (48,)
# Sheets that are worked on at the same time.
AT_ONCE = 200
HIGHEST = 100


@dataclass(frozen=True)
class Visit:
    """One request, `at` so many seconds after the beginning; `marks` are by candidate."""

    at: float
    kind: str
    centre_no: str
    paper_id: str
    marks: dict[str, int]

    @property
    def method(self) -> str:
        return {SAVE: "PATCH", SUBMIT: "POST"}.get(self.kind, "GET")

    @property
    def path(self) -> str:
        pages = {SHEET: paths.marksheet, REPORT: paths.report}
        if self.kind == MENU:
            return paths.menu(self.centre_no)
        if self.kind in pages:
            return pages[self.kind](self.centre_no, self.paper_id)
        last = "marksheet" if self.kind == SAVE else "submission"
        return f"/api/marks/centres/{self.centre_no}/papers/{self.paper_id}/{last}"

    @property
    def body(self) -> bytes:
        """A page tells the version that it has seen: nobody had a mark before."""
        if self.kind == SUBMIT:
            return json.dumps({"declarations": DECLARED}).encode()
        rows: list[dict[str, Any]] = [
            {"candidate_no": number, "tasks": [mark], "version": 0}
            for number, mark in self.marks.items()
        ]
        return json.dumps({"candidates": rows}).encode() if rows else b""


class Traffic:
    """Plans one share after the other of what there is to do on a board, each thing once."""

    def __init__(self, board: Board) -> None:
        self._chance = random.Random(board.entries)  # noqa: S311 - the same at each run
        self._centres = board.centre_nos
        self._candidates = board.candidates
        of_state = by_state(board.paper_ids)
        # Papers in the outer loop: many centres come to it, not one with all that it has.
        self._sheets = {
            state: [(no, paper_id) for paper_id in ids for no in self._centres]
            for state, ids in of_state.items()
        }
        self._to_submit = iter(self._sheets[COMPLETE])
        self._batches = _interleaved(self._sheets[OPEN], board.candidates)

    def plan(self, share: float, seconds: float) -> list[Visit]:
        """What comes in so long at this share of the hour's rate, in the order of time."""
        visits = [*self._saves(share * MARKS, seconds), *self._submissions(share, seconds)]
        for kind, state in ((MENU, COMPLETE), (SHEET, OPEN), (REPORT, SUBMITTED)):
            visits += [
                Visit(at, kind, *self._chance.choice(self._sheets[state]), {})
                for at in self._times(share * SUBMISSIONS, seconds)
            ]
        return sorted(visits, key=lambda visit: visit.at)

    def _saves(self, rate: float, seconds: float) -> Iterator[Visit]:
        """So many marks a second, whatever is in a batch."""
        at = 0.0
        while True:
            centre_no, paper_id, numbers = next(self._batches)
            at += self._chance.expovariate(rate / len(numbers))
            if at >= seconds:
                return
            marks = {number: self._chance.randint(0, HIGHEST) for number in numbers}
            yield Visit(at, SAVE, centre_no, paper_id, marks)

    def _submissions(self, share: float, seconds: float) -> Iterator[Visit]:
        for at in self._times(share * SUBMISSIONS, seconds):
            yield Visit(at, SUBMIT, *next(self._to_submit), {})

    def _times(self, rate: float, seconds: float) -> Iterator[float]:
        """When somebody comes, where each comes by themselves."""
        at = self._chance.expovariate(rate)
        while at < seconds:
            yield at
            at += self._chance.expovariate(rate)


def _interleaved(
    sheets: Sequence[tuple[str, str]], candidates: int
) -> Iterator[tuple[str, str, Sequence[str]]]:
    """The batches of some sheets at a time, in turns: each page sends one after the other."""
    sizes = itertools.cycle((TYPED, PASTED))
    for first in range(0, len(sheets), AT_ONCE):
        some = sheets[first : first + AT_ONCE]
        batches = [
            [(*sheet, numbers) for numbers in _cut(candidates, size)]
            for sheet, size in zip(some, sizes, strict=False)
        ]
        for turn in itertools.zip_longest(*batches):
            yield from (batch for batch in turn if batch)


def _cut(candidates: int, sizes: Sequence[int]) -> Iterator[Sequence[str]]:
    numbers = iter([f"{number:04d}" for number in range(1, candidates + 1)])
    for size in itertools.cycle(sizes):
        batch = list(itertools.islice(numbers, size))
        if not batch:
            return
        yield batch
