"""The own centres of a moderator after the invitation: changed by the board, never moderated."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from shared.audit import AuditRow
from tests.support.service import BOARD, rows_of
from tests.unit.identity.people import Person, Portal
from tests.unit.identity.test_allocations import ALLOCATIONS, PAPER, impatient

__all__ = ["impatient"]
EMAIL = "mair@home.example"


@pytest.fixture
def mair(portal: Portal) -> Person:
    portal.service.deliver("paper.changed.v1", "all/paper-1", PAPER)
    return portal.add(EMAIL, kind="appointee", works_at=("68102",))


def change(portal: Portal, person: Person, *works_at: str, **more: Any) -> TestResponse:
    path = f"/api/identity/accounts/{person.id}"
    return portal.service.call("PATCH", path, BOARD, json={"works_at": works_at} | more)


def own_centres(portal: Portal, person: Person) -> Any:
    shown = portal.service.call("GET", f"/api/identity/accounts/{person.id}", BOARD)
    return (shown.json or {})["works_at"]


def allocate(portal: Portal, centre_no: str = "68101") -> TestResponse:
    body = {"email": EMAIL, "centre_no": centre_no, "paper_id": "paper-1"}
    return portal.service.call("POST", ALLOCATIONS, BOARD, json=body)


def noted(portal: Portal) -> list[tuple[Any, Any]]:
    with portal.service.database.reading() as session:
        rows = [row for row in rows_of(session, AuditRow) if row.action == "user.changed"]
        return [(row.before["works_at"], row.after["works_at"]) for row in rows]


def test_a_centre_that_is_added_is_never_moderated(portal: Portal, mair: Person) -> None:
    answer = change(portal, mair, "68102", "68101", "68101")
    assert (answer.status_code, (answer.json or {})["works_at"]) == (200, ["68101", "68102"])
    assert own_centres(portal, mair) == ["68101", "68102"]
    refused = allocate(portal)
    assert refused.status_code == 422
    assert "Nobody moderates a centre of their own." in refused.text
    assert noted(portal) == [(["68102"], ["68101", "68102"])]


def test_what_somebody_else_has_added_meanwhile_stays(portal: Portal, mair: Person) -> None:
    assert change(portal, mair, "68102", "68101").status_code == 200
    answer = change(portal, mair, worked_at=["68102"])
    assert (answer.status_code, (answer.json or {})["errors"][0]["pointer"]) == (409, "/works_at")
    assert "they are 68101, 68102." in answer.text
    assert own_centres(portal, mair) == ["68101", "68102"]


def test_a_centre_that_is_taken_away_may_be_moderated(portal: Portal, mair: Person) -> None:
    assert allocate(portal, "68102").status_code == 422
    assert (change(portal, mair).json or {})["works_at"] == []
    assert change(portal, mair).status_code == 200
    assert allocate(portal, "68102").status_code == 201
    assert noted(portal) == [(["68102"], [])]


def test_what_they_are_allocated_to_does_not_become_their_own(portal: Portal, mair: Person) -> None:
    allocation = allocate(portal).json or {}
    refused = change(portal, mair, "68101")
    assert refused.status_code == 422
    (error,) = (refused.json or {})["errors"]
    assert error["pointer"] == "/works_at"
    assert f"68101 {PAPER['full_title']}" in error["detail"]
    assert (own_centres(portal, mair), noted(portal)) == (["68102"], [])
    portal.service.call("DELETE", f"{ALLOCATIONS}/{allocation['id']}", BOARD)
    assert change(portal, mair, "68101").status_code == 200


def test_an_allocation_elsewhere_is_no_matter(portal: Portal, mair: Person) -> None:
    assert allocate(portal).status_code == 201
    assert change(portal, mair).status_code == 200
    assert change(portal, mair, "68102").status_code == 200


@pytest.mark.parametrize(("works_at", "pointer"), [("99999", "/works_at"), ("6810", "/works_at/0")])
def test_a_centre_that_is_none_is_refused_as_at_the_invitation(
    portal: Portal, mair: Person, works_at: str, pointer: str
) -> None:
    refused = change(portal, mair, works_at)
    assert refused.status_code == 422
    assert [error["pointer"] for error in (refused.json or {})["errors"]] == [pointer]
    assert own_centres(portal, mair) == ["68102"]


def test_board_staff_have_none(portal: Portal) -> None:
    ruth = portal.add("ruth@board.example", kind="board")
    assert (change(portal, ruth, "68101").json or {})["works_at"] == []
