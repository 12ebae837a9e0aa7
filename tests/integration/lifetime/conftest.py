"""A system of its own: to look at all that it writes, to stop it and to crash it."""

import itertools
from collections.abc import Callable, Iterator

import pytest

from tests.integration.conftest import AT_LENGTH, Accounts
from tests.support.api import entries, paper
from tests.support.sheet import Sheet
from tests.support.stack import Stack, fresh_stack

_codes = itertools.count(1)


@pytest.fixture(scope="package", params=AT_LENGTH)
def stack(request: pytest.FixtureRequest) -> Iterator[Stack]:
    with fresh_stack(request.param) as running:
        yield running


@pytest.fixture(scope="package")
def accounts(stack: Stack) -> Accounts:
    return Accounts(stack)


NewSheet = Callable[[int], Sheet]


@pytest.fixture(scope="package")
def new_sheet(accounts: Accounts) -> NewSheet:
    """Make a paper with so many candidates of the teacher's centre; the teacher's sheet of it."""

    def make(candidates: int) -> Sheet:
        code, board = f"L{next(_codes):05d}", accounts["board"]
        paper_id = board.post("/api/marks/papers", paper(code)).expect(201)["id"]
        file = entries(code, accounts.centre_no, range(1, candidates + 1))
        board.post_csv("/api/marks/imports/entries", file).expect(200)
        return Sheet(accounts["user"], accounts.centre_no, paper_id)

    return make
