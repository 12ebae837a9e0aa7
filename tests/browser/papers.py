"""Papers made over HTTP, for a browser to work on."""

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tests.support.allocating import allocate
from tests.support.api import Api, SignedIn, entries, paper
from tests.support.stack import Stack
from tests.support.waiting import wait_for

TASKS = [{"name": "Task 1", "max": 40}, {"name": "Task 2", "max": 30}]
# Not the words before it that say what to do once it is.
SAMPLE_IS_READY = re.compile("^The sample is ready")
_codes = itertools.count(1)


class Clients:
    """Signed-in clients of the demo accounts, each signed in once."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._signed_in = SignedIn(stack.base_url)

    def account(self, role: str) -> dict[str, Any]:
        return next(one for one in self._stack.accounts if one["role"] == role)

    def __getitem__(self, role: str) -> Api:
        return self._signed_in.as_(self.account(role))


@dataclass(frozen=True)
class MadePaper:
    """A new paper of the first admin's centre, with candidates from 0001 on."""

    clients: Clients
    paper_id: str
    code: str = ""

    @property
    def centre_no(self) -> str:
        return str(self.clients.account("admin")["centre_no"])

    @property
    def page(self) -> str:
        return f"/centres/{self.centre_no}/papers/{self.paper_id}/marksheet"

    def api(self, service: str) -> str:
        return f"/api/{service}/centres/{self.centre_no}/papers/{self.paper_id}"

    def candidate(self, number: str) -> dict[str, Any]:
        """What is stored."""
        sheet = self.clients["admin"].get(f"{self.api('marks')}/marksheet?rows=all").expect(200)
        found: dict[str, Any] = next(
            one for one in sheet["candidates"] if one["candidate_no"] == number
        )
        return found

    def wait_for(self, number: str, **fields: Any) -> None:
        """Wait until the candidate is stored with these values."""

        def is_stored() -> bool:
            stored = self.candidate(number)
            return all(stored[name] == value for name, value in fields.items())

        wait_for(f"{number} stored with {fields}", is_stored)

    def put(self, number: str, **change: Any) -> None:
        """As a colleague in the same centre."""
        path = f"{self.api('marks')}/candidates/{number}"
        self.clients["admin"].call("PUT", path, change).expect(200)

    def enter(self, numbers: Iterable[int], action: str = "A") -> None:
        """As the board loads an entries file; `action="W"` withdraws."""
        file = entries(self.code, self.centre_no, numbers, action)
        self.clients["board"].post_csv("/api/marks/imports/entries", file).expect(200)

    def fill(self, tasks: Sequence[int], numbers: Sequence[int], initials: str = "AB") -> None:
        rows = [
            {"candidate_no": f"{number:04d}", "tasks": list(tasks), "initials": initials}
            for number in numbers
        ]
        path = f"{self.api('marks')}/marksheet"
        saved = self.clients["admin"].call("PATCH", path, {"candidates": rows}).expect(200)
        assert saved["refused"] == []

    def submit(self) -> None:
        names = ("authenticated", "standardised", "candidates_informed")
        body = {"declarations": dict.fromkeys(names, True)}
        self.clients["admin"].post(f"{self.api('marks')}/submission", body).expect(201)

    def wait_for_sample(self, at_least: int = 0) -> None:
        """Until marks knows of a sample, with so many candidates."""

        def is_there() -> bool:
            sampled = f"{self.api('marks')}/marksheet?show=samples"
            sheet = self.clients["admin"].get(sampled).expect(200)
            return bool(sheet["sample_generated"]) and sheet["total"] >= at_least

        wait_for("the sample is on the marksheet", is_there)

    def allocate(self) -> None:
        """To the moderator of the demo; marks is told by an event, of a submitted sheet."""
        moderator = self.clients.account("appointee")["email"]
        allocate(self.clients["board"], moderator, self.centre_no, self.paper_id)
        sheet = f"{self.api('marks')}/marksheet"
        wait_for("the allocation", lambda: self.clients["appointee"].get(sheet).status == 200)


def make_paper(clients: Clients, candidates: int, **changes: Any) -> MadePaper:
    code = f"B{next(_codes):05d}"
    board = clients["board"]
    body = paper(code, **({"tasks": TASKS} | changes))
    made = MadePaper(clients, board.post("/api/marks/papers", body).expect(201)["id"], code)
    made.enter(range(1, candidates + 1))
    return made
