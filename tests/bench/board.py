"""A board in the databases: one centre made and worked on through the interface, and its copies."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property, partial

from tests.bench.copying import SERVICES, Original, copy_centre
from tests.support.api import Api
from tests.support.faults import all_told
from tests.support.newcomers import newcomers
from tests.support.papers import make_papers
from tests.support.sheet import Sheet
from tests.support.stack import Stack
from tests.support.waiting import wait_for

# What each centre has.
PAPERS, CANDIDATES = 25, 48
MODEL, FIRST = "70707", 10_000
SUBMITTED, COMPLETE, OPEN = "submitted", "complete", "open"
# How the sheets of a centre stand on deadline day, in turn.
STATES = (SUBMITTED, COMPLETE, OPEN, SUBMITTED)
TOLD_SECONDS = 120


@dataclass
class Board:
    """Grows from one centre, the model, to as many as are asked for, in the stack's databases.

    `staff` is signed in as board staff.
    """

    stack: Stack
    staff: Api
    papers: int = PAPERS
    candidates: int = CANDIDATES
    centres: int = 0

    @cached_property
    def paper_ids(self) -> list[str]:
        """The papers, once the model has entries for them."""
        self.staff.renew()
        return make_papers(self.staff, MODEL, self.papers, self.candidates, "Y")

    @cached_property
    def model(self) -> Original:
        self.staff.renew()
        user_id = work(self.stack, self.staff, MODEL, self.paper_ids, self.candidates)
        return Original(MODEL, user_id)

    @property
    def entries(self) -> int:
        return (self.centres + 1) * self.papers * self.candidates

    @property
    def centre_nos(self) -> list[str]:
        """The copies."""
        return [str(FIRST + place) for place in range(self.centres)]

    def grow(self, centres: int) -> None:
        """Have at least so many copies of the model."""
        if centres <= self.centres:
            return
        span = (FIRST + self.centres, FIRST + centres - 1)
        copy = partial(copy_centre, self.stack.home, original=self.model, span=span)
        with ThreadPoolExecutor(len(SERVICES)) as pool:
            list(pool.map(copy, SERVICES))
        self.centres = centres


def by_state(paper_ids: Sequence[str]) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {state: [] for state in STATES}
    for place, paper_id in enumerate(paper_ids):
        found[STATES[place % len(STATES)]].append(paper_id)
    return found


def work(
    stack: Stack, staff: Api, centre_no: str, paper_ids: Sequence[str], candidates: int
) -> str:
    """Enter marks and submit, as far as the papers of each state are; the id of who did it."""
    named = {"name": f"Ysgol {centre_no}"}
    staff.call("PUT", f"/api/identity/centres/{centre_no}", named).expect(200)
    (account,) = newcomers(stack, 1, "admin", centre_no)
    teacher = Api.signed_in(stack.base_url, account)
    numbers = [f"{number:04d}" for number in range(1, candidates + 1)]
    for state, ids in by_state(paper_ids).items():
        for place, paper_id in enumerate(ids):
            sheet = Sheet(teacher, centre_no, paper_id)
            if state != OPEN:
                sheet.fill({number: [(7 * int(number) + place) % 101] for number in numbers})
            if state == SUBMITTED:
                sheet.submit()
                sheet.settle()
    wait_for("everybody knows all", lambda: all_told(stack), TOLD_SECONDS)
    return str(teacher.user["id"])
