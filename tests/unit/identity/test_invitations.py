"""Invitations: sent again, taken back, and those of people whom another centre has already."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from services.identity import queries
from services.identity.commands import invitations
from services.identity.models import Membership
from shared.audit import AuditRow
from shared.mail.sender import Sender
from shared.mail.transport import RefusedError
from tests.support.mailbox import SENDER, Received, queued
from tests.support.service import BOARD, admin_of, rows_of
from tests.unit.identity.people import Person, Portal

HERE, THERE = "68101", "68102"
NEW = {
    "first_name": "Siân",
    "last_name": "Ŵyn-Jones",
    "email": "sian@bryn.example",
    "language": "cy",
    "account_type": "user",
}


def of(centre_no: str, path: str) -> str:
    return f"/api/identity/centres/{centre_no}{path}"


def invite(portal: Portal, centre_no: str = HERE, **changed: Any) -> TestResponse:
    who = admin_of(centre_no)
    return portal.service.call("POST", of(centre_no, "/invitations"), who, json=NEW | changed)


def about(portal: Portal, method: str, user_id: str, centre_no: str = HERE) -> TestResponse:
    path = of(centre_no, f"/users/{user_id}/invitation")
    return portal.service.call(method, path, admin_of(centre_no))


def mails(portal: Portal, kind: str) -> list[Received]:
    return queued(portal.service.database, kind)


def password_in(mail: Received) -> str:
    return next(word for word in mail.text.split() if word.count("-") == 3)


def begins(portal: Portal, password: str) -> int:
    person = Person("", NEW["email"], "", password)
    return portal.begin(person).status_code


def actions(portal: Portal) -> list[str]:
    with portal.service.database.reading() as session:
        rows = rows_of(session, AuditRow)
        return [row.action for row in rows if row.subject.startswith("users/")]


def test_sent_again_only_the_newest_password_is_good(portal: Portal) -> None:
    user_id = (invite(portal).json or {})["id"]
    again = about(portal, "POST", user_id)
    assert (again.status_code, (again.json or {})["status"]) == (200, "invited")
    first, second = mails(portal, "invitation")
    assert begins(portal, password_in(first)) == 401
    assert begins(portal, password_in(second)) == 200
    assert actions(portal)[:2] == ["user.invited", "invitation.resent"]


def test_taken_back_its_password_is_good_no_more(portal: Portal) -> None:
    user_id = (invite(portal).json or {})["id"]
    assert about(portal, "DELETE", user_id).status_code == 204
    assert begins(portal, password_in(mails(portal, "invitation")[0])) == 401
    listed = portal.service.call("GET", of(HERE, "/users"), admin_of(HERE)).json or {}
    assert listed["users"] == []
    assert about(portal, "DELETE", user_id).status_code == 404
    assert "invitation.revoked" in actions(portal)


def test_taken_back_it_can_be_sent_to_a_better_name(portal: Portal) -> None:
    user_id = (invite(portal, first_name="Sain").json or {})["id"]
    about(portal, "DELETE", user_id)
    again = invite(portal).json or {}
    assert (again["first_name"], again["status"]) == ("Siân", "invited")
    assert again["id"] != user_id, "an older id would tell that there is an older account"
    assert begins(portal, password_in(mails(portal, "invitation")[-1])) == 200


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_who_has_signed_in_has_no_invitation(portal: Portal, method: str) -> None:
    carys = portal.add("carys@bryn.example")
    answer = about(portal, method, carys.id)
    assert (answer.status_code, (answer.json or {})["type"]) == (
        409,
        "urn:iamis:problem:not-invited",
    )
    assert portal.service.call("GET", of(HERE, f"/users/{carys.id}"), admin_of(HERE)).json
    assert about(portal, method, carys.id, THERE).status_code == 404


def test_nobody_is_in_a_centre_twice(portal: Portal) -> None:
    assert invite(portal).status_code == 201
    assert invite(portal).status_code == 409


def test_invited_by_two_centres_one_of_them_may_think_again(portal: Portal) -> None:
    user_id = (invite(portal).json or {})["id"]
    assert (invite(portal, THERE, first_name="Other").json or {})["first_name"] == "Other"
    assert about(portal, "DELETE", user_id).status_code == 204
    assert begins(portal, password_in(mails(portal, "invitation")[-1])) == 200
    with portal.service.database.reading() as session:
        assert [row.centre_no for row in rows_of(session, Membership)] == [THERE]


def test_the_board_looks_at_one_account(portal: Portal) -> None:
    user_id = (invite(portal).json or {})["id"]
    shown = portal.service.call("GET", of(HERE, f"/users/{user_id}"), BOARD)
    assert (shown.status_code, (shown.json or {})["email"]) == (200, NEW["email"])


def test_who_was_invited_elsewhere_a_moment_ago_is_asked(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other centre's invitation is there between the look for an account and its making."""
    invite(portal, THERE)
    looked, look = iter([None]), queries.user_by_email
    monkeypatch.setattr(invitations, "user_by_email", lambda *of: next(looked, look(*of)))
    assert invite(portal).status_code == 201
    with portal.service.database.reading() as session:
        assert len({place.user_id for place in rows_of(session, Membership)}) == 1


def send(portal: Portal, *faults: Exception) -> None:
    """Send what is queued; the first mails meet these faults."""
    met = iter(faults)

    def transport(_mail: object) -> None:
        if fault := next(met, None):
            raise fault

    sender = Sender(portal.service.database, transport, SENDER)
    while sender.send_next():
        pass


def failed_at(portal: Portal, user_id: str) -> Any:
    path = of(HERE, f"/users/{user_id}")
    return (portal.service.call("GET", path, admin_of(HERE)).json or {})["mail_failed_at"]


def test_a_mail_that_was_given_up_is_shown_until_the_next_one_went(portal: Portal) -> None:
    user_id = (invite(portal).json or {})["id"]
    assert failed_at(portal, user_id) is None
    send(portal, RefusedError("SMTP 550"))
    assert failed_at(portal, user_id).startswith("2031-05-01T12:00:05")
    about(portal, "POST", user_id)
    send(portal)
    assert failed_at(portal, user_id) is None


def test_of_who_has_not_accepted_only_mail_of_this_centre_tells(portal: Portal) -> None:
    """Somebody else's mail would tell that they have an account."""
    invite(portal, THERE)
    send(portal, RefusedError("SMTP 550"))
    user_id = (invite(portal).json or {})["id"]
    send(portal)
    assert failed_at(portal, user_id) is None
    about(portal, "POST", user_id)
    send(portal, RefusedError("SMTP 550"))
    assert failed_at(portal, user_id)


def test_the_board_sees_which_mail_was_given_up(portal: Portal) -> None:
    moderator = portal.add("m@board.example", kind="appointee")
    portal.post("/password/forgotten", {"email": moderator.email})
    send(portal, RefusedError("SMTP 550"))
    shown = portal.service.call("GET", f"/api/identity/accounts/{moderator.id}", BOARD)
    assert (shown.json or {})["mail_failed_at"]
