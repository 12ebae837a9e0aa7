"""The whole embedded stack, started once for all integration tests, as a person starts it."""

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.support.api import Api, entries, paper
from tests.support.stack import Stack, running_stack
from tests.support.waiting import wait_for

_codes = itertools.count(1)


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with running_stack(tmp_path_factory.mktemp("home")) as running:
        yield running


class Accounts:
    """A signed-in client for each role of the demo accounts, signed in once."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._signed_in: dict[str, Api] = {}

    def _as(self, key: str, account: dict[str, str]) -> Api:
        if key not in self._signed_in:
            self._signed_in[key] = Api.signed_in(self._stack.base_url, account)
        return self._signed_in[key]

    def __getitem__(self, role: str) -> Api:
        """The first account of that role."""
        return self._as(role, next(one for one in self._stack.accounts if one["role"] == role))

    @property
    def centre_no(self) -> str:
        """The centre of the first admin and of the teacher."""
        return str(next(a["centre_no"] for a in self._stack.accounts if a["role"] == "admin"))

    @property
    def foreign_admin(self) -> Api:
        """An admin of another centre."""
        admins = [one for one in self._stack.accounts if one["role"] == "admin"]
        other = next(one for one in admins if one["centre_no"] != self.centre_no)
        return self._as("foreign admin", other)


@pytest.fixture(scope="session")
def accounts(stack: Stack) -> Accounts:
    return Accounts(stack)


MakePaper = Callable[..., str]


@pytest.fixture
def make_paper(accounts: Accounts) -> MakePaper:
    """Make a paper with candidates 1…n of the teacher's centre; returns the paper's id."""

    def make(candidates: int, **changes: object) -> str:
        code = f"T{next(_codes):05d}"
        board = accounts["board"]
        made: str = board.post("/api/marks/papers", paper(code, **changes)).expect(201)["id"]
        numbers = range(1, candidates + 1)
        file = entries(code, accounts.centre_no, numbers)
        board.post_csv("/api/marks/imports/entries", file).expect(200)
        return made

    return make


class Sheet:
    """One centre's paper, as its teacher uses it."""

    def __init__(self, api: Api, centre_no: str, paper_id: str) -> None:
        self.api = api
        self.path = f"/api/marks/centres/{centre_no}/papers/{paper_id}"
        self.sampling = f"/api/sampling/centres/{centre_no}/papers/{paper_id}"
        self.uploads = f"/api/uploads/centres/{centre_no}/papers/{paper_id}"
        self.reports = f"/api/reports/centres/{centre_no}/papers/{paper_id}"

    def fill(self, marks: dict[str, list[int]]) -> None:
        rows = [{"candidate_no": number, "tasks": tasks} for number, tasks in marks.items()]
        body = {"candidates": rows}
        saved = self.api.call("PATCH", f"{self.path}/marksheet", body).expect(200)
        assert saved["refused"] == []
        assert len(saved["saved"]) == len(rows)

    def submit(self) -> dict[str, object]:
        names = ("authenticated", "standardised", "candidates_informed")
        body = {"declarations": dict.fromkeys(names, True)}
        receipt: dict[str, object] = self.api.post(f"{self.path}/submission", body).expect(201)
        return receipt

    def wait_for_sample(self) -> list[dict[str, object]]:
        """The sampled candidates, once generated; the wait is bounded and printed."""
        wait_for("sample generated", lambda: self.sample()["state"] == "generated")
        candidates: list[dict[str, object]] = self.sample()["candidates"]
        return candidates

    def sample(self) -> dict[str, Any]:
        sample: dict[str, Any] = self.api.get(f"{self.sampling}/sample").expect(200)
        return sample


@pytest.fixture
def open_sheet(accounts: Accounts) -> Callable[[str], Sheet]:
    def open_as_teacher(paper_id: str) -> Sheet:
        return Sheet(accounts["user"], accounts.centre_no, paper_id)

    return open_as_teacher
