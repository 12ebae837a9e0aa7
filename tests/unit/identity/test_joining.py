"""Inviting somebody who has an account: nobody learns of it before they accept."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from services.identity.commands.accounts import Place
from services.identity.models import Membership, User
from shared.access.principal import Principal
from tests.support.mailbox import queued
from tests.support.service import BOARD, admin_of, rows_of
from tests.unit.identity.people import Person, Portal, code
from tests.unit.identity.test_invitations import HERE, NEW, THERE, invite, of

OTHERS = "/me/invitations"


@pytest.fixture
def sian(portal: Portal) -> Person:
    """Somebody of another centre."""
    place = Place(THERE, iamis=True)
    return portal.add(NEW["email"], places=(place,), first_name="Siân", last_name="Real-Name")


def ask(
    portal: Portal, method: str, path: str, who: Principal | None = None, **options: Any
) -> TestResponse:
    return portal.service.call(method, of(HERE, path), who or admin_of(HERE), **options)


def listed(portal: Portal, search: str = "") -> list[dict[str, Any]]:
    return list((ask(portal, "GET", f"/users?search={search}").json or {})["users"])


def answer(portal: Portal, person: Person, method: str, centre_no: str = HERE) -> TestResponse:
    token = portal.sign_in(person)["access_token"]
    return portal.call(method, f"{OTHERS}/{centre_no}", token=token)


@pytest.mark.parametrize("kind", ["centre", "appointee", "board"])
@pytest.mark.parametrize("status", ["active", "deactivated"])
def test_the_answer_is_that_to_a_new_address(portal: Portal, kind: str, status: str) -> None:
    """Status, body and list; and what the admin does next, and reads in the trail."""
    known = portal.add("known@else.example", kind=kind)
    with portal.service.transaction() as session:
        session.get_one(User, known.id).status = status  # type: ignore[assignment]
    if kind == "centre":
        with portal.service.transaction() as session:
            session.delete(session.get_one(Membership, (known.id, HERE)))
    told = [_story(portal, email) for email in ("known@else.example", "fresh@else.example")]
    assert told[0] == told[1]


def _story(portal: Portal, email: str) -> list[object]:
    made = invite(portal, email=email)
    user_id = (made.json or {})["id"]
    path = f"/users/{user_id}"
    told: list[object] = [made.status_code, made.json]
    for method, where, body in (
        ("GET", path, None),
        ("PATCH", path, {"iamis": True, "restrictions": {"papers": ["3700U1"]}}),
        ("PATCH", path, {"status": "active"}),
        ("PATCH", path, {"status": "deactivated"}),
        ("PATCH", path, {"status": "active"}),
        ("DELETE", f"{path}/second-factor", None),
        ("POST", f"{path}/invitation", None),
        ("GET", f"/audit?user_id={user_id}", None),
        ("GET", "/users", None),
        ("DELETE", f"{path}/invitation", None),
        ("GET", path, None),
    ):
        got = ask(portal, method, where, json=body) if body else ask(portal, method, where)
        told += [method, got.status_code, _without_times(got.json)]
    text = str(told).replace(user_id, "ID").replace(email, "EMAIL")
    return [text]


def _without_times(body: Any) -> Any:
    """What no request has of its own."""
    drop = {"request_id", "at", "total"}
    if isinstance(body, dict):
        kept = {name: value for name, value in body.items() if name not in drop}
        if "by" in kept:
            kept.pop("id")
        return {name: _without_times(value) for name, value in kept.items()}
    return [_without_times(one) for one in body] if isinstance(body, list) else body


def test_the_person_is_asked_and_joins(portal: Portal, sian: Person) -> None:
    tokens = portal.sign_in(sian)
    invite(portal, account_type="user")
    (mail,) = queued(portal.service.database, "join-centre")
    assert mail.to == "Siân Real-Name <sian@bryn.example>"
    assert all(said in mail.text for said in ("/account/invitations", "Ysgol y Bryn"))
    asked = portal.call("GET", OTHERS, token=tokens["access_token"]).json
    assert asked == {
        "invitations": [{"centre_no": HERE, "name": "Ysgol y Bryn", "account_type": "user"}]
    }
    assert _centres(portal, tokens) == [THERE], "nothing is granted yet"
    assert portal.service.emitted("user.access_changed.v1") == []
    joined = portal.call("POST", f"{OTHERS}/{HERE}", token=tokens["access_token"])
    assert joined.status_code == 200
    assert _centres(portal, tokens) == [HERE, THERE]
    (told,) = portal.service.emitted("user.access_changed.v1")
    assert (told.data["tokens_from"], sorted(told.data["grants"])) == (1, [HERE, THERE])
    (member,) = listed(portal, "real")
    assert (member["last_name"], member["status"]) == ("Real-Name", "active")
    again = portal.call("POST", f"{OTHERS}/{HERE}", token=tokens["access_token"])
    assert again.status_code == 404


def _centres(portal: Portal, tokens: dict[str, Any]) -> list[str]:
    me = portal.call("GET", "/me", token=tokens["access_token"]).json or {}
    return [centre["centre_no"] for centre in me["centres"]]


def test_the_id_that_the_centre_was_given_stays_good(portal: Portal, sian: Person) -> None:
    user_id = (invite(portal).json or {})["id"]
    assert user_id != sian.id
    assert answer(portal, sian, "POST").status_code == 200
    changed = ask(portal, "PATCH", f"/users/{user_id}", json={"iamis": True})
    assert (changed.status_code, (changed.json or {})["id"]) == (200, user_id)
    trail = ask(portal, "GET", f"/audit?user_id={user_id}").json or {}
    assert {"user.invited", "invitation.accepted", "user.changed"} <= {
        event["action"] for event in trail["events"]
    }
    assert {event["about"] for event in trail["events"]} == {"Siân Real-Name"}


def test_declined_it_is_gone(portal: Portal, sian: Person) -> None:
    invite(portal)
    assert answer(portal, sian, "DELETE").status_code == 204
    assert listed(portal) == []
    assert portal.user(sian).status == "active"


def test_only_whom_it_is_for_answers_it(portal: Portal, sian: Person) -> None:
    invite(portal)
    other = portal.add("other@bryn.example")
    assert answer(portal, other, "POST").status_code == 404
    assert answer(portal, sian, "POST", "68199").status_code == 404
    mod = portal.add("mod@example.org", kind="appointee")
    invite(portal, email="mod@example.org")
    token = portal.sign_in(mod)["access_token"]
    assert portal.call("GET", OTHERS, token=token).json == {"invitations": []}
    assert portal.call("POST", f"{OTHERS}/{HERE}", token=token).status_code == 404


def test_until_then_the_centre_sees_nothing_of_the_person(portal: Portal, sian: Person) -> None:
    user_id = (invite(portal, last_name="Typed").json or {})["id"]
    portal.sign_in(sian)
    assert listed(portal, "real") == []
    assert [one["last_name"] for one in listed(portal, "typed")] == ["Typed"]
    trail = ask(portal, "GET", "/audit").json or {}
    assert [event["action"] for event in trail["events"]] == ["user.invited"]
    assert ask(portal, "GET", f"/users/{sian.id}").status_code == 404
    with portal.service.database.reading() as session:
        assert session.get_one(User, sian.id).access_version == 1
    assert ask(portal, "DELETE", f"/users/{user_id}/invitation").status_code == 204
    assert portal.user(sian).password_hash, "their password is theirs"
    portal.begin(sian).get_json()["challenge"]


def test_who_is_invited_elsewhere_meanwhile_answers_after_signing_in(portal: Portal) -> None:
    """The one that made the account is accepted by its password; the other is asked for."""
    invite(portal)
    invite(portal, THERE)
    mail = queued(portal.service.database, "invitation")[-1]
    password = next(word for word in mail.text.split() if word.count("-") == 3)
    begun = portal.begin(Person("", NEW["email"], "", password)).json or {}
    body = {"challenge": begun["challenge"], "new_password": "mynydd-afon-llyn"}
    begun = portal.post("/sign-in/password", body).json or {}
    tokens = portal.confirm(begun, code(begun["enrol"]["secret"])).json or {}
    assert [centre["centre_no"] for centre in tokens["user"]["centres"]] == [HERE]
    asked = portal.call("GET", OTHERS, token=tokens["access_token"]).json or {}
    assert [one["centre_no"] for one in asked["invitations"]] == [THERE]


def test_the_board_sees_who_it_is(portal: Portal, sian: Person) -> None:
    invite(portal)
    trail = portal.service.call("GET", "/api/identity/audit?action=user.invited", BOARD).json or {}
    assert [event["action"] for event in trail["events"]] == ["user.invited"]
    with portal.service.database.reading() as session:
        places = {(row.user_id, row.status) for row in rows_of(session, Membership)}
    assert (sian.id, "invited") in places
