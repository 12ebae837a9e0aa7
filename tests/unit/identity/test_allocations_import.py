"""Allocating moderators by a CSV file: all of it, or nothing."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from services.identity.commands import allocations_import
from services.identity.models import User
from shared.access.models import Allocation
from shared.access.principal import Principal
from shared.audit import AuditRow
from tests.support.service import BOARD, MODERATOR, admin_of, rows_of
from tests.support.statements import counted
from tests.unit.identity.people import Person, Portal
from tests.unit.identity.test_allocations import PAPER

ALLOCATIONS = "/api/identity/allocations"
HEADER = "email,centre_no,series,paper_code,action"
MAIR_1 = "mair@home.example,68101,JUNE 2031,3700U1,A"
MAIR_2 = "MAIR@home.example,68101,june 2031,9791/01,a"


@pytest.fixture
def mair(portal: Portal) -> Person:
    """She works at 68102."""
    for paper_id, code in (("paper-1", "3700U1"), ("paper-2", "9791/01")):
        told = PAPER | {"paper_id": paper_id, "code": code}
        portal.service.deliver("paper.changed.v1", f"all/{paper_id}", told)
    return portal.add("mair@home.example", kind="appointee", works_at=("68102",))


def load(
    portal: Portal,
    *lines: str,
    header: str = HEADER,
    who: Principal | None = BOARD,
    dry: bool = False,
) -> TestResponse:
    return portal.service.call(
        "POST",
        f"{ALLOCATIONS}/import{'?dry_run=true' if dry else ''}",
        who,
        data="\r\n".join((header, *lines, "")).encode(),
        headers={"Content-Type": "text/csv"},
    )


def done(answer: TestResponse) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    return dict(answer.json or {})


def wrong(answer: TestResponse) -> set[str]:
    assert answer.status_code == 422, answer.text
    return {error["pointer"] for error in (answer.json or {})["errors"]}


def held(portal: Portal) -> set[tuple[str, str]]:
    """What is allocated, as the access rules know it."""
    with portal.service.database.reading() as session:
        return {(row.centre_no, row.paper_id) for row in rows_of(session, Allocation)}


def test_it_is_looked_at_then_done_told_and_noted(portal: Portal, mair: Person) -> None:
    looked = done(load(portal, MAIR_1, MAIR_2, dry=True))
    assert [(one["line"], one["action"]) for one in looked["changes"]] == [
        (2, "allocated"),
        (3, "allocated"),
    ]
    assert held(portal) == set()
    assert done(load(portal, MAIR_1, MAIR_2)) == looked
    assert held(portal) == {("68101", "paper-1"), ("68101", "paper-2")}
    told = portal.service.emitted("moderator.allocated.v1")
    assert {event.data["user_id"] for event in told} == {mair.id}
    assert done(load(portal, MAIR_1, MAIR_2)) == {"changes": [], "unchanged": 2}

    gone = MAIR_1.replace(",A", ",W")
    assert [one["action"] for one in done(load(portal, gone))["changes"]] == ["removed"]
    assert held(portal) == {("68101", "paper-2")}
    assert done(load(portal, gone)) == {"changes": [], "unchanged": 1}
    assert len(portal.service.emitted("moderator.deallocated.v1")) == 1
    with portal.service.database.reading() as session:
        noted = [row.action for row in rows_of(session, AuditRow)]
    assert noted.count("moderator.allocated") == 2
    assert noted.count("moderator.deallocated") == 1


def test_what_was_exported_changes_nothing(portal: Portal, mair: Person) -> None:
    done(load(portal, MAIR_1, MAIR_2))
    with portal.service.transaction() as session:
        session.get_one(User, mair.id).status = "deactivated"
    file = portal.service.call("GET", f"{ALLOCATIONS}?format=csv", BOARD)
    assert file.mimetype == "text/csv"
    lines = file.get_data().decode("utf-8-sig").splitlines()
    assert (lines[0], len(lines)) == (HEADER, 3)
    assert MAIR_1 in lines
    assert done(load(portal, *lines[1:])) == {"changes": [], "unchanged": 2}
    one = portal.service.call("GET", f"{ALLOCATIONS}?format=csv&search=9791", BOARD)
    assert len(one.get_data().splitlines()) == 2


def test_every_bad_line_is_named_and_nothing_is_done(portal: Portal, mair: Person) -> None:
    portal.add("carys@bryn.example")
    answer = load(
        portal,
        MAIR_1,
        "mair@home.example,68102,JUNE 2031,3700U1,A",
        "carys@bryn.example,68101,JUNE 2031,3700U1,A",
        "mair@home.example,99999,JUNE 2030,3700U1,A",
        "mair@home.example,1,SOMETIME,x,Z",
        MAIR_1.replace("mair", "MAIR"),
        "too,short",
    )
    assert wrong(answer) == {
        "/lines/3/email",
        "/lines/4/email",
        "/lines/5/centre_no",
        "/lines/5/paper_code",
        "/lines/6/centre_no",
        "/lines/6/series",
        "/lines/6/paper_code",
        "/lines/6/action",
        "/lines/7/email",
        "/lines/8",
    }
    said = [error["detail"] for error in (answer.json or {})["errors"]]
    assert "Line 3, email: Nobody moderates a centre of their own." in said
    assert held(portal) == set()
    assert mair.id


def test_who_is_out_of_use_is_given_nothing_and_loses_what_they_have(
    portal: Portal, mair: Person
) -> None:
    done(load(portal, MAIR_1))
    with portal.service.transaction() as session:
        session.get_one(User, mair.id).status = "deactivated"
    assert wrong(load(portal, MAIR_2)) == {"/lines/2/email"}
    assert len(done(load(portal, MAIR_1.replace(",A", ",W")))["changes"]) == 1


def test_a_first_line_that_is_none(portal: Portal) -> None:
    assert wrong(load(portal, header="email,centre_no,series,paper_code")) == {"/lines/1/action"}


@pytest.mark.parametrize(
    ("who", "status"), [(None, 401), (admin_of("68101"), 403), (MODERATOR, 403)]
)
def test_only_the_board(portal: Portal, who: Principal | None, status: int) -> None:
    assert load(portal, MAIR_1, who=who).status_code == status


def test_looking_asks_as_little_for_many_as_for_one(portal: Portal, mair: Person) -> None:
    for number in range(20):
        portal.add(f"m{number}@home.example", kind="appointee")
    many = [MAIR_1.replace("mair@", f"m{number}@") for number in range(20)]
    counts = []
    for lines in (many[:1], many):
        file = allocations_import.read_file(f"{line}\n".encode() for line in (HEADER, *lines))
        with counted(portal.service.database) as asked, portal.service.transaction() as session:
            assert len(allocations_import.try_import(session, file)["changes"]) == len(lines)
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert mair.id
