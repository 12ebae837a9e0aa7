"""A database that is lost is built anew from what the other services tell again."""

from typing import Any

import pytest
from sqlalchemy import Column, MetaData, Table, select, text

from tests.integration.conftest import Accounts
from tests.integration.lifetime.conftest import NewSheet
from tests.support.allocating import allocate
from tests.support.faults import SERVICES, all_told, bus_of, database_of
from tests.support.operator import iamis
from tests.support.stack import Stack
from tests.support.waiting import wait_for

BOOKKEEPING = {"inbox", "audit", "watermarks"}
SECONDS = 60


def reports(accounts: Accounts) -> dict[str, Any]:
    """Every candidate details report there is, as the board sees it."""
    board = accounts["board"]
    found: dict[str, Any] = {}
    for centre in board.get("/api/marks/centres").expect(200)["centres"]:
        path = f"/api/reports/centres/{centre['centre_no']}/papers"
        for paper in board.get(path).expect(200)["papers"]:
            at = f"{path}/{paper['id']}/candidate-details"
            report = board.get(at).expect(200)
            found[at] = {name: report[name] for name in report if name != "as_of"}
    return found


def lose_the_database(stack: Stack, service: str) -> None:
    """Empty every table but those that preparing a new database fills."""
    with database_of(stack, service) as database, database.transaction() as session:
        tables = MetaData()
        tables.reflect(session.connection())
        for table in reversed(tables.sorted_tables):
            if table.name != "signing_keys" and not table.name.startswith("alembic"):
                session.execute(table.delete())


def state(stack: Stack, service: str) -> dict[str, list[str]]:
    """What the service knows, without the numbers that only guard it."""
    with database_of(stack, service) as database, database.engine.connect() as connection:
        tables = MetaData()
        tables.reflect(connection)
        return {
            name: sorted(map(repr, connection.execute(select(*_columns(table)))))
            for name, table in tables.tables.items()
            if name not in BOOKKEEPING
        }


def _columns(table: Table) -> list[Column[Any]]:
    return [column for column in table.columns if column.name not in {"sequence", "changed_at"}]


def settled(stack: Stack) -> bool:
    """Whether every service has told all, and nothing waits for any of them."""
    return all_told(stack) and not waiting(stack, *SERVICES)


def waiting(stack: Stack, *services: str) -> int:
    with bus_of(stack) as bus:
        return sum(bus.depth(f"iamis.{service}") for service in services)


@pytest.fixture(scope="module")
def told(stack: Stack, accounts: Accounts, new_sheet: NewSheet) -> Stack:
    """Beside the demo, a submitted sheet whose mark a moderator corrected, with evidence."""
    sheet = new_sheet(12)
    sheet.fill({f"{number:04d}": [number] for number in range(1, 13)})
    sheet.submit()
    (first, *_rest) = sheet.wait_for_sample()
    moderator = accounts["appointee"]
    allocate(accounts["board"], moderator.user["email"], sheet.centre_no, sheet.paper_id)
    slip = {"candidate_no": "0012", "tasks": [50], "reason": "Added up wrongly"}
    wait_for(
        "the correction",
        lambda: moderator.post(f"{sheet.path}/clerical-errors", slip).status == 201,
    )
    files = f"{sheet.uploads}/candidates/{first['candidate_no']}/files"
    kept, gone = (sheet.api.upload(files, "a.txt", [b"work"]).expect(201) for _each in range(2))
    assert kept["id"] != gone["id"]
    sheet.api.call("DELETE", f"{files}/{gone['id']}").expect(204)
    return stack


def test_a_lost_read_model_is_told_again(told: Stack, accounts: Accounts) -> None:
    wait_for("reports knows all", lambda: settled(told), SECONDS)
    before = reports(accounts)
    rows = [row for report in before.values() for row in report["rows"]]
    assert any(row["amended"] for row in rows)
    assert any(row["evidence"] for row in rows)
    lose_the_database(told, "reports")
    assert reports(accounts) == {}

    done = iamis(told.path, "republish", "--to", "reports")
    assert done.status == 0, done.seen
    wait_for("reports has been told", lambda: not waiting(told, "reports"), SECONDS)
    # What a consumer has in its hands waits no more.
    wait_for("it has taken all in", lambda: reports(accounts) == before, SECONDS)


@pytest.mark.long
def test_a_read_model_is_verified_and_rebuilt(told: Stack, accounts: Accounts) -> None:
    wait_for("reports knows all", lambda: settled(told), SECONDS)
    before = reports(accounts)
    seen = iamis(told.path, "reports", "verify")
    assert seen.status == 0, seen.seen
    with database_of(told, "reports") as database, database.transaction() as session:
        session.execute(text("UPDATE candidates SET total = total + 1 WHERE total = 12"))
    seen = iamis(told.path, "reports", "verify")
    assert (seen.status, "\t0012" in seen.out) == (1, True), seen.seen

    done = iamis(told.path, "reports", "rebuild", "--yes")
    assert done.status == 0, done.seen
    wait_for("reports has been told", lambda: not waiting(told, "reports"), SECONDS)
    wait_for("it has taken all in", lambda: reports(accounts) == before, SECONDS)


@pytest.mark.long
def test_what_is_known_already_changes_nothing(told: Stack) -> None:
    wait_for("everything has settled", lambda: settled(told), SECONDS)
    known = {service: state(told, service) for service in ("sampling", "uploads", "marks")}
    for service in known:
        assert iamis(told.path, "republish", "--to", service).status == 0

    wait_for("all have been told", lambda: not waiting(told, *known), SECONDS)
    for service, before in known.items():
        assert state(told, service) == before


def test_a_service_that_is_not_there_is_told_in_words(told: Stack) -> None:
    done = iamis(told.path, "republish", "--to", "nobody")
    assert done.status == 2
    assert "nobody" in done.seen
