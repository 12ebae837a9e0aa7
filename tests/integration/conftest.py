"""Each whole stack, started once for all integration tests, as a person starts it."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.support.allocating import allocate as allocate_to
from tests.support.api import Api, SignedIn, entries, paper
from tests.support.large_files import PUBLIC_URL
from tests.support.newcomers import newcomers
from tests.support.sheet import Sheet
from tests.support.stack import EMBEDDED, REAL, STACKS, Stack, fresh_stack

# Nobody waits for the usual twelve minutes; what a test takes away is back well within this. On the
# embedded stack a test may skip the pauses.
DIRECT = {"IAMIS_S3_PUBLIC_URL": PUBLIC_URL}
ENVIRONMENTS = {EMBEDDED: DIRECT, REAL: DIRECT | {"IAMIS_RETRY_LADDER": "0.2,1,5,30"}}
HERE = Path(__file__).parent
_codes = itertools.count(1)


# What has to hold whatever it stands on: these run on both stacks, the others on the embedded.
ON_BOTH = {"test_main_job", "test_service_down"}
# The same, but on the real stack they are of the long tests.
ON_BOTH_AT_LENGTH = {
    "test_contract_attacks",
    "test_contract_files",
    "test_contract_sample",
    "test_contract_saving",
    "test_contract_sign_in",
    "test_contract_submission",
    "test_doctor",
    "test_events_once",
}
AT_LENGTH = [EMBEDDED, pytest.param(REAL, marks=pytest.mark.long)]
# What there is on the real stack alone.
ON_REAL = {"test_board", "test_faults", "test_outage"}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "stack" in metafunc.fixturenames and metafunc.definition.path.parent == HERE:
        kinds = kinds_for(metafunc.definition.path.stem)
        metafunc.parametrize("stack", kinds, indirect=True, scope="session")


def kinds_for(file: str) -> Sequence[object]:
    """The stacks that the tests of the file run on."""
    if file in ON_REAL:
        return [REAL]
    if file in ON_BOTH_AT_LENGTH:
        return AT_LENGTH
    return STACKS if file in ON_BOTH else [EMBEDDED]


@pytest.fixture(scope="session")
def stack(request: pytest.FixtureRequest) -> Iterator[Stack]:
    with fresh_stack(request.param, ENVIRONMENTS[request.param]) as running:
        yield running


class Accounts:
    """A signed-in client for each role of the demo accounts, signed in once."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._signed_in = SignedIn(stack.base_url)

    def __getitem__(self, role: str) -> Api:
        """The first account of that role."""
        return self._signed_in.as_(next(one for one in self._stack.accounts if one["role"] == role))

    @property
    def centre_no(self) -> str:
        """The centre of the first admin and of the teacher."""
        return str(next(a["centre_no"] for a in self._stack.accounts if a["role"] == "admin"))

    @property
    def foreign_admin(self) -> Api:
        """An admin of another centre."""
        admins = [one for one in self._stack.accounts if one["role"] == "admin"]
        other = next(one for one in admins if one["centre_no"] != self.centre_no)
        return self._signed_in.as_(other)


@pytest.fixture(scope="session")
def accounts(stack: Stack) -> Accounts:
    return Accounts(stack)


MakePaper = Callable[..., str]
OpenSheet = Callable[[str], Sheet]
MakeSheet = Callable[..., Sheet]
Allocate = Callable[[Sheet], Sheet]


@pytest.fixture(scope="session")
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


@pytest.fixture(scope="session")
def open_sheet(accounts: Accounts) -> OpenSheet:
    """A paper as the teacher of the demo has it."""

    def open_as_teacher(paper_id: str) -> Sheet:
        return Sheet(accounts["user"], accounts.centre_no, paper_id)

    return open_as_teacher


@pytest.fixture(scope="session")
def make_sheet(make_paper: MakePaper, open_sheet: OpenSheet) -> MakeSheet:
    """A new paper with candidates 0001 to n of the teacher's centre, as its teacher has it."""

    def make(candidates: int, **changes: object) -> Sheet:
        return open_sheet(make_paper(candidates, **changes))

    return make


@pytest.fixture(scope="session")
def allocate(accounts: Accounts) -> Allocate:
    """Allocate the demo's moderator to a sheet; the sheet as the moderator has it."""

    def to_moderator(sheet: Sheet) -> Sheet:
        moderator = accounts["appointee"]
        email = moderator.user["email"]
        allocate_to(accounts["board"], email, sheet.centre_no, sheet.paper_id)
        return sheet.seen_by(moderator)

    return to_moderator


@pytest.fixture(scope="session")
def newcomer(stack: Stack, accounts: Accounts) -> Callable[[], dict[str, Any]]:
    """A teacher of the first centre who has not signed in before; each call gives another."""
    waiting: list[dict[str, Any]] = []

    def next_one() -> dict[str, Any]:
        if not waiting:
            waiting.extend(newcomers(stack, 28, centre_no=accounts.centre_no))
        return waiting.pop()

    return next_one
