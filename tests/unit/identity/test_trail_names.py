"""The audit trail names papers, people, centres and tools, as far as the reader may know them."""

from typing import Any

import pytest

from shared.access.principal import Principal
from shared.audit import Change, record
from tests.support.service import BOARD, admin_of
from tests.support.statements import counted
from tests.unit.identity.people import Person, Portal
from tests.unit.identity.test_allocations import ALLOCATIONS, PAPER, SUBMITTED

ALL = "/api/identity/audit"
HERE = "/api/identity/centres/68101/audit"
ADMIN = admin_of("68101")
TITLE = PAPER["full_title"]


@pytest.fixture
def mair(portal: Portal) -> Person:
    portal.service.deliver("paper.changed.v1", "all/paper-1", PAPER)
    return portal.add("mair@home.example", kind="appointee", first_name="Mair")


def allocate(portal: Portal, person: Person) -> str:
    body = {"email": person.email, "centre_no": "68101", "paper_id": "paper-1"}
    answer = portal.service.call("POST", ALLOCATIONS, BOARD, json=body)
    assert answer.status_code == 201, answer.text
    return str((answer.json or {})["id"])


def submit(portal: Portal) -> None:
    portal.service.deliver("marks.submitted.v1", "68101/paper-1", SUBMITTED)


def events(portal: Portal, path: str = ALL, who: Principal = BOARD) -> list[dict[str, Any]]:
    answer = portal.service.call("GET", path, who)
    assert answer.status_code == 200, answer.text
    return list((answer.json or {})["events"])


def at_centre(portal: Portal) -> list[dict[str, Any]]:
    return events(portal, f"{HERE}?action=moderator", ADMIN)


def identified(portal: Portal, person: Person) -> bool:
    """Whether anything that the centre reads of its trail, as JSON or CSV, says who they are."""
    both = [
        portal.service.call("GET", f"{HERE}?format={form}", ADMIN).get_data(as_text=True)
        for form in ("json", "csv")
    ]
    assert all("moderator.allocated" in text for text in both)
    return any(mark in text for mark in (person.id, person.email, "Mair") for text in both)


def test_an_allocation_names_paper_and_moderator_to_the_board(portal: Portal, mair: Person) -> None:
    allocate(portal, mair)
    event = events(portal)[0]
    assert (event["what"], event["about"]) == ("A moderator was allocated", f"68101 {TITLE}")
    assert event["after"] == {"user_id": mair.id, "centre_no": "68101", "paper_id": "paper-1"}
    assert event["names"] == {mair.id: "Mair Griffiths", "paper-1": "3700U1"}


def test_a_centre_knows_its_moderator_once_it_has_submitted(portal: Portal, mair: Person) -> None:
    allocate(portal, mair)
    (event,) = at_centre(portal)
    assert (event["about"], event["names"]) == (f"68101 {TITLE}", {"paper-1": "3700U1"})
    assert event["after"] == {"centre_no": "68101", "paper_id": "paper-1"}
    assert not identified(portal, mair)
    submit(portal)
    (event,) = at_centre(portal)
    assert event["names"] == {mair.id: "Mair Griffiths", "paper-1": "3700U1"}
    assert event["after"] == {"user_id": mair.id, "centre_no": "68101", "paper_id": "paper-1"}


def test_a_centre_does_not_know_who_moderates_no_more(portal: Portal, mair: Person) -> None:
    allocation = allocate(portal, mair)
    assert portal.service.call("DELETE", f"{ALLOCATIONS}/{allocation}", BOARD).status_code == 204
    eryl = portal.add("eryl@home.example", kind="appointee", first_name="Eryl")
    allocate(portal, eryl)
    submit(portal)
    named = [set(event["names"]) for event in at_centre(portal)]
    assert named == [{eryl.id, "paper-1"}, {"paper-1"}, {"paper-1"}]
    assert not identified(portal, mair)
    assert mair.id in events(portal, f"{ALL}?action=moderator.deallocated")[0]["names"]


def test_a_paper_that_is_no_more_keeps_its_id(portal: Portal, mair: Person) -> None:
    allocation = allocate(portal, mair)
    portal.service.call("DELETE", f"{ALLOCATIONS}/{allocation}", BOARD)
    removed = PAPER | {"removed": True}
    portal.service.deliver("paper.changed.v1", "all/paper-1", removed)
    event = events(portal)[0]
    assert (event["subject"], event["about"]) == ("68101/paper-1", "")
    assert event["names"] == {mair.id: "Mair Griffiths"}


def test_centres_and_tools_are_named(portal: Portal) -> None:
    with portal.service.transaction() as session:
        record(session, None, "tools.add", "tools/reader", Change())
    body = {"name": "Top School"}
    answer = portal.service.call("PUT", "/api/identity/centres/68102", BOARD, json=body)
    assert answer.status_code == 200, answer.text
    told = {event["subject"]: event["about"] for event in events(portal)}
    assert told["tools/reader"] == "reader"
    assert told["centres/68102"] == "68102 Top School"


def test_a_service_account_is_named(portal: Portal) -> None:
    path = "/api/identity/service-accounts"
    new = {"name": "Awards importer", "scopes": ["marks:read"]}
    made = portal.service.call("POST", path, BOARD, json=new).json or {}
    assert portal.service.call("DELETE", f"{path}/{made['client_id']}", BOARD).status_code == 204
    told = [(event["action"], event["about"]) for event in events(portal, f"{ALL}?action=tool")]
    assert told == [("tool.ended", "Awards importer"), ("tool.added", "Awards importer")]


def test_an_account_that_nobody_has_is_said_to_be_unknown(portal: Portal) -> None:
    portal.post("/sign-in", {"email": "n@nowhere.example", "password": "wrong"})
    event = events(portal)[0]
    assert (event["subject"], event["about"]) == ("users/unknown", "an unknown account")


def test_a_page_takes_as_many_questions_however_long_it_is(portal: Portal, mair: Person) -> None:
    allocation = allocate(portal, mair)
    with counted(portal.service.database) as few:
        events(portal, HERE, ADMIN)
    for number in range(3):
        portal.service.call("DELETE", f"{ALLOCATIONS}/{allocation}", BOARD)
        portal.add(f"dewi{number}@bryn.example", first_name="Dewi")
        allocation = allocate(portal, mair)
    with counted(portal.service.database) as many:
        assert len(events(portal, HERE, ADMIN)) == 10
    assert len(many) == len(few)
