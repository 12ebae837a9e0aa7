"""Allocating moderators, and who sees their details."""

from collections.abc import Mapping
from typing import Any

import pytest
from werkzeug.test import TestResponse

from services.identity.commands import allocations
from services.identity.models import User
from shared.access.models import Allocation
from shared.access.principal import Principal
from tests.support.service import BOARD, MODERATOR, admin_of, rows_of, teacher_of
from tests.unit.identity.people import Person, Portal

ALLOCATIONS = "/api/identity/allocations"
MODERATOR_OF = "/api/identity/centres/68101/papers/paper-1/moderator"
PAPER = {
    "paper_id": "paper-1",
    "code": "3700U1",
    "title": "ENGLISH LANGUAGE",
    "unit": "UNIT 1 ORACY",
    "full_title": "GCSE JUNE 2031 ENGLISH LANGUAGE UNIT 1 ORACY (3700U1)",
    "qualification": "GCSE",
    "series": {"month": "JUNE", "year": 2031},
    "board": "WJEC",
    "tasks": [{"name": "Task 1", "max": 40}],
    "outcomes": None,
    "not_classified": "",
    "linear": True,
    "initials_required": False,
    "sample_policy": "wjec-rank-order",
    "upload": "none",
    "evidence_pieces": [],
    "work_to": None,
    "tolerance": 2,
    "marks_deadline": "2031-05-05",
    "sample_deadline": "2031-05-12",
    "evidence_until": "2031-05-12",
    "results_day": "2031-08-21T08:00:00+01:00",
    "linked": [],
    "consortia": [],
}
SUBMITTED = {
    "centre_no": "68101",
    "paper_id": "paper-1",
    "kind": "first",
    "submitted_at": "2031-05-01T12:00:00Z",
    "submitted_by": "u1",
    "candidates": [],
}


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allocations, "PAPER_WAIT_SECONDS", 0.0)


@pytest.fixture
def mair(portal: Portal) -> Person:
    portal.service.deliver("paper.changed.v1", "all/paper-1", PAPER)
    return portal.add(
        "mair@home.example",
        kind="appointee",
        first_name="Mair",
        address="1 High Street\nCardiff",
        works_at=("68102",),
    )


def _allocate(portal: Portal, who: Principal | None = BOARD, **changed: Any) -> TestResponse:
    body = {"email": "mair@home.example", "centre_no": "68101", "paper_id": "paper-1"}
    return portal.service.call("POST", ALLOCATIONS, who, json=body | changed)


def _submit(portal: Portal) -> None:
    portal.service.deliver("marks.submitted.v1", "68101/paper-1", SUBMITTED)


def _allocated(portal: Portal) -> list[tuple[str, str, str]]:
    with portal.service.database.reading() as session:
        rows = rows_of(session, Allocation)
        return [(row.user_id, row.centre_no, row.paper_id) for row in rows]


def test_an_allocation_holds_here_and_is_told(portal: Portal, mair: Person) -> None:
    answer = _allocate(portal, email="MAIR@home.example")
    assert answer.status_code == 201
    body = answer.json or {}
    assert body == {
        "id": body["id"],
        "user_id": mair.id,
        "email": "mair@home.example",
        "name": "Mair Griffiths",
        "centre_no": "68101",
        "centre_name": "Ysgol y Bryn",
        "paper_id": "paper-1",
        "paper_code": "3700U1",
        "paper_title": PAPER["full_title"],
        "allocated_at": "2031-05-01T12:00:05+00:00",
    }
    assert _allocated(portal) == [(mair.id, "68101", "paper-1")]
    (event,) = portal.service.emitted("moderator.allocated.v1")
    assert event.subject == "68101/paper-1"
    assert event.data == {"user_id": mair.id, "centre_no": "68101", "paper_id": "paper-1"}


def test_the_same_once_more_is_the_same_allocation(portal: Portal, mair: Person) -> None:
    assert mair.id
    first, second = _allocate(portal), _allocate(portal)
    assert (first.json, first.status_code) == (second.json, second.status_code)
    assert len(portal.service.emitted("moderator.allocated.v1")) == 1


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"email": "nobody@home.example"}, "/email"),
        ({"email": "a\x00b"}, "/email"),
        ({"email": "teacher@bryn.example"}, "/email"),
        ({"centre_no": "99999"}, "/centre_no"),
        ({"centre_no": "6810"}, "/centre_no"),
        ({"paper_id": "paper-2"}, "/paper_id"),
        ({"paper_id": "3700/U1"}, "/paper_id"),
        ({"centre_no": "68102"}, "/email"),  # where she works
    ],
)
def test_what_cannot_be_allocated_names_the_field(
    portal: Portal, mair: Person, changed: Mapping[str, Any], pointer: str
) -> None:
    assert mair.id
    portal.add("teacher@bryn.example")
    answer = _allocate(portal, **changed)
    assert answer.status_code == 422
    assert [fault["pointer"] for fault in (answer.json or {})["errors"]] == [pointer]
    assert _allocated(portal) == []
    assert portal.service.emitted("moderator.allocated.v1") == []


def test_a_deallocation_holds_here_and_is_told(portal: Portal, mair: Person) -> None:
    path = f"{ALLOCATIONS}/{(_allocate(portal).json or {})['id']}"
    assert portal.service.call("DELETE", path, BOARD).status_code == 204
    assert portal.service.call("DELETE", path, BOARD).status_code == 404
    assert _allocated(portal) == []
    (event,) = portal.service.emitted("moderator.deallocated.v1")
    assert event.data["user_id"] == mair.id
    # Its own event of the allocation, arriving late, changes nothing any more.
    (late,) = portal.service.emitted("moderator.allocated.v1")
    portal.service.deliver(late.key, late.subject, late.data, sequence=late.sequence)
    assert _allocated(portal) == []


def test_the_list_shows_and_finds_allocations(portal: Portal, mair: Person) -> None:
    allocation = _allocate(portal).json
    assert mair.id
    for query, found in [("", 1), ("?search=mair", 1), ("?search=3700u", 1), ("?search=z", 0)]:
        body = portal.service.call("GET", f"{ALLOCATIONS}{query}", BOARD).json or {}
        assert body["allocations"] == [allocation] * found
        assert body["total"] == found


@pytest.mark.parametrize(
    ("who", "status"),
    [(None, 401), (admin_of("68101"), 403), (teacher_of("68101"), 403), (MODERATOR, 403)],
)
def test_allocations_are_the_boards(portal: Portal, who: Principal | None, status: int) -> None:
    assert _allocate(portal, who).status_code == status
    assert portal.service.call("GET", ALLOCATIONS, who).status_code == status
    assert portal.service.call("DELETE", f"{ALLOCATIONS}/x", who).status_code == status


@pytest.mark.parametrize(
    ("who", "status"),
    [
        (None, 401),
        (admin_of("68101"), 200),
        (teacher_of("68101"), 200),
        (teacher_of("68101", iamis=False), 403),
        (admin_of("68102"), 404),
        (MODERATOR, 404),
        (BOARD, 200),
    ],
)
def test_who_sees_the_moderator_of_a_submitted_paper(
    portal: Portal, mair: Person, who: Principal | None, status: int
) -> None:
    assert mair.id
    _allocate(portal)
    _submit(portal)
    _submit(portal)
    answer = portal.service.call("GET", MODERATOR_OF, who)
    assert answer.status_code == status
    if status == 200:
        assert answer.json == {
            "name": "Mair Griffiths",
            "email": "mair@home.example",
            "address": "1 High Street\nCardiff",
        }


def test_the_moderator_shows_only_once_submitted_and_allocated(
    portal: Portal, mair: Person
) -> None:
    assert mair.id
    who = admin_of("68101")
    _allocate(portal)
    assert portal.service.call("GET", MODERATOR_OF, who).status_code == 404
    _submit(portal)
    assert portal.service.call("GET", MODERATOR_OF, who).status_code == 200
    allocation = (portal.service.call("GET", ALLOCATIONS, BOARD).json or {})["allocations"][0]
    portal.service.call("DELETE", f"{ALLOCATIONS}/{allocation['id']}", BOARD)
    assert portal.service.call("GET", MODERATOR_OF, who).status_code == 404


def test_the_moderator_shows_no_more_when_the_submission_was_undone_or_they_left(
    portal: Portal, mair: Person
) -> None:
    who = admin_of("68101")
    _allocate(portal)
    _submit(portal)
    _submit(portal)
    undone = {"before": {"submissions": 1, "candidates": 1}, "why": "A mistake"} | {
        "after": {"submissions": 0, "candidates": 0},
        "centre_no": "68101",
        "paper_id": "paper-1",
        "reopened_by": "b1",
        "reopened_at": "2031-05-01T12:00:00Z",
    }
    portal.service.deliver("submission.reopened.v1", "68101/paper-1", undone)
    assert portal.service.call("GET", MODERATOR_OF, who).status_code == 404
    _submit(portal)
    assert portal.service.call("GET", MODERATOR_OF, who).status_code == 200
    with portal.service.transaction() as session:
        session.get_one(User, mair.id).status = "deactivated"
    assert portal.service.call("GET", MODERATOR_OF, who).status_code == 404


def test_a_paper_that_was_removed_can_be_allocated_no_more(portal: Portal, mair: Person) -> None:
    assert mair.id
    removed = PAPER | {"removed": True}
    portal.service.deliver("paper.changed.v1", "all/paper-1", removed, sequence=9)
    portal.service.deliver("paper.changed.v1", "all/paper-1", PAPER, sequence=8)
    assert _allocate(portal).status_code == 422


def test_an_older_event_of_a_paper_changes_nothing(portal: Portal, mair: Person) -> None:
    assert mair.id
    newer, older = PAPER | {"full_title": "NEWER"}, PAPER | {"full_title": "OLDER"}
    portal.service.deliver("paper.changed.v1", "all/paper-1", newer, sequence=9)
    portal.service.deliver("paper.changed.v1", "all/paper-1", older, sequence=8)
    assert (_allocate(portal).json or {})["paper_title"] == "NEWER"
