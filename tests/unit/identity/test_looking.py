"""Board staff look at a centre: their token sees what its exams officer sees, changes nothing."""

import pytest

from shared.access.principal import Membership, Principal
from shared.access.tokens import verify
from shared.audit import AuditRow
from tests.support.service import MODERATOR, admin_of, rows_of
from tests.unit.identity.people import Person, Portal

LOOKING = "/api/identity/centres/68101/looking"
HERE = "/api/identity/centres/68101"


@pytest.fixture
def helper(portal: Portal) -> Person:
    portal.add("carys@bryn.example")
    return portal.add("helpline@board.example", kind="board", first_name="Nia")


def as_board(portal: Portal, person: Person) -> Principal:
    """Signed in, as a token says it."""
    signed_in = portal.sign_in(person)
    with portal.service.database.reading() as session:
        return verify(session, signed_in["access_token"])


def looking(portal: Portal, person: Person) -> Principal:
    answer = portal.service.call("POST", LOOKING, as_board(portal, person))
    assert answer.status_code == 200, answer.text
    with portal.service.database.reading() as session:
        return verify(session, (answer.json or {})["access_token"])


def test_the_token_is_an_admins_that_only_looks(portal: Portal, helper: Person) -> None:
    who = looking(portal, helper)
    assert (who.user_id, who.kind, who.only_looks) == (helper.id, "centre", True)
    assert who.centres == {"68101": Membership("admin", iamis=True)}


def test_pages_are_told_who_they_are_there(portal: Portal, helper: Person) -> None:
    answer = portal.service.call("POST", LOOKING, as_board(portal, helper)).json or {}
    assert (answer["token_type"], answer["expires_in"]) == ("Bearer", 600)
    assert "refresh_token" not in answer
    user = answer["user"]
    assert (user["id"], user["role"], user["centre_no"]) == (helper.id, "admin", "68101")
    (centre,) = user["centres"]
    assert (centre["account_type"], centre["iamis"]) == ("admin", True)


def test_each_token_is_in_the_trail_of_centre_and_board(portal: Portal, helper: Person) -> None:
    who = looking(portal, helper)
    with portal.service.database.reading() as session:
        rows = [row for row in rows_of(session, AuditRow) if row.action == "centre.looked_at"]
        (row,) = rows
        assert (row.by_id, row.subject, row.centre_no) == (helper.id, "centres/68101", "68101")
    told = portal.service.call("GET", f"{HERE}/audit", who).json or {}
    assert "centre.looked_at" in [event["action"] for event in told["events"]]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", f"{HERE}/invitations"),
        ("PATCH", f"{HERE}/users/somebody"),
        ("PATCH", "/api/identity/me"),
        ("DELETE", "/api/identity/me/sessions"),
    ],
)
def test_what_would_change_something_is_refused_before_it_is_read(
    portal: Portal, helper: Person, method: str, path: str
) -> None:
    answer = portal.service.call(method, path, looking(portal, helper), data=b"not JSON")
    assert (answer.status_code, (answer.json or {})["type"]) == (
        403,
        "urn:iamis:problem:only-looking",
    )


def test_of_another_centre_there_is_nothing(portal: Portal, helper: Person) -> None:
    path = "/api/identity/centres/68102/users"
    assert portal.service.call("GET", path, looking(portal, helper)).status_code == 404


def test_who_looks_cannot_go_on_to_another_centre(portal: Portal, helper: Person) -> None:
    assert portal.service.call("POST", LOOKING, looking(portal, helper)).status_code == 403


def test_signing_out_ends_looking_too(portal: Portal, helper: Person) -> None:
    signed_in = portal.sign_in(helper)
    with portal.service.database.reading() as session:
        board = verify(session, signed_in["access_token"])
    there = (portal.service.call("POST", LOOKING, board).json or {})["access_token"]
    bearer = {"Authorization": f"Bearer {there}"}
    seen = portal.service.call("GET", f"{HERE}/users", headers=bearer)
    portal.call("POST", "/sign-out", json={"refresh_token": signed_in["refresh_token"]})
    after = portal.service.call("GET", f"{HERE}/users", headers=bearer)
    assert (seen.status_code, after.status_code) == (200, 401)


def test_a_centre_that_there_is_not(portal: Portal, helper: Person) -> None:
    path = "/api/identity/centres/99999/looking"
    assert portal.service.call("POST", path, as_board(portal, helper)).status_code == 404


@pytest.mark.parametrize("who", [None, admin_of("68101"), MODERATOR])
def test_nobody_else_looks(portal: Portal, helper: Person, who: Principal | None) -> None:
    assert helper.id
    assert portal.service.call("POST", LOOKING, who).status_code == (403 if who else 401)
