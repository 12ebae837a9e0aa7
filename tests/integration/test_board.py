"""The board of the benchmark: its copies are what the services write, and people work on them."""

import hashlib
import re
from collections import Counter
from contextlib import closing

import psycopg
import pytest
from psycopg.sql import SQL, Composed, Identifier
from sqlalchemy import DateTime, Table

from shared.db import UTCDateTime
from tests.bench.board import FIRST, Board, work
from tests.bench.copying import FORGOTTEN, SERVICES, Original, connected, tables_of
from tests.bench.deadline import Day, measured
from tests.integration.conftest import Accounts
from tests.support.api import entries
from tests.support.stack import Stack

pytestmark = pytest.mark.long

PAPERS, CANDIDATES, CENTRES = 4, 12, 24
# Made through the interface, as the model was.
OTHER = "70708"
# Of a person alone; of a request alone.
OWN = {"password_hash", "totp_secret", "totp_last_timecode", "request_id"}
# What is drawn at random, and moments.
VARYING = re.compile(r"[0-9a-f]{12,}|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[^\s'\"]*")
SHARE, SECONDS = 0.05, 3.0


@pytest.fixture(scope="module")
def board(stack: Stack, accounts: Accounts) -> Board:
    made = Board(stack, accounts["board"], PAPERS, CANDIDATES)
    made.grow(CENTRES)
    return made


@pytest.fixture(scope="module")
def other(stack: Stack, accounts: Accounts, board: Board) -> Original:
    """A centre with entries for the same papers that did the same."""
    for place in range(PAPERS):
        file = entries(f"Y{place:05d}", OTHER, range(1, CANDIDATES + 1))
        accounts["board"].post_csv("/api/marks/imports/entries", file).expect(200)
    user_id = work(stack, accounts["board"], OTHER, board.paper_ids, CANDIDATES)
    return Original(OTHER, user_id)


@pytest.fixture(scope="module")
def copied(board: Board) -> Original:
    number = str(FIRST + CENTRES - 1)
    made = hashlib.md5(f"{board.model.user_id}{number}".encode(), usedforsecurity=False)
    return Original(number, made.hexdigest())


def stored(
    connection: psycopg.Connection, table: Table, rows: Composed, whose: Original
) -> Counter[str]:
    """The rows, with all that is another at each time or for each centre made the same."""
    columns = [
        column
        for column in table.columns
        if column is not table.autoincrement_column
        and column.name not in OWN
        and not isinstance(column.type, (DateTime, UTCDateTime))
    ]
    asked = SQL("SELECT {} FROM {} WHERE {}").format(
        SQL(", ").join(Identifier(column.name) for column in columns), Identifier(table.name), rows
    )
    found: Counter[str] = Counter()
    for row in connection.execute(asked):
        text = repr(row).replace(whose.user_id, "U").replace(whose.centre_no, "C")
        found[VARYING.sub("*", text)] += 1
    return found


@pytest.mark.parametrize("service", SERVICES)
def test_a_copy_is_what_the_service_writes(
    stack: Stack, other: Original, copied: Original, service: str
) -> None:
    compared = 0
    with closing(connected(stack.home, service)) as connection:
        for table in tables_of(service):
            wanted, made = other.rows_of(table), copied.rows_of(table)
            if wanted is None or made is None:
                continue
            expected = stored(connection, table, wanted, other)
            assert stored(connection, table, made, copied) == expected, table.name
            compared += expected.total()
    assert compared > PAPERS


@pytest.mark.parametrize("service", SERVICES)
def test_no_other_table_tells_of_a_centre(stack: Stack, other: Original, service: str) -> None:
    with closing(connected(stack.home, service)) as connection:
        for table in tables_of(service):
            if other.rows_of(table) is None and table.name not in FORGOTTEN:
                everything = SQL("SELECT * FROM {}").format(Identifier(table.name))
                text = repr(connection.execute(everything).fetchall())
                # Its digits may be within an id by chance.
                assert not re.search(rf"\b{other.centre_no}\b", text), table.name
                assert other.user_id not in text, table.name


def test_people_of_the_copies_do_what_is_measured_and_nothing_is_lost(
    board: Board,
) -> None:
    day = Day(board, CENTRES)
    rows = list(measured(day, day.run(SHARE, SECONDS)))
    lost = next(row for row in rows if "lost" in row.what)
    assert lost.verdict == "holds", lost
    assert "acknowledged: 0 marks" not in lost.baseline
