"""Whom identity writes to, when, in which language, and what it must not write."""

from collections.abc import Callable
from typing import Any

import pytest

from services.identity.commands.accounts import Place
from services.identity.models import Centre
from tests.support.mailbox import queued
from tests.support.service import BOARD, admin_of
from tests.unit.identity.people import Person, Portal, code
from tests.unit.identity.test_allocations import PAPER, SUBMITTED

Later = Callable[..., None]
ADMIN = admin_of("68101")
NEW = {
    "first_name": "Siân",
    "last_name": "Ŵyn-Jones",
    "email": "sian@bryn.example",
    "language": "cy",
    "account_type": "user",
}
ERROR = {
    "centre_no": "68101",
    "paper_id": "paper-1",
    "candidate_no": "1054",
    "original": {"tasks": [15], "total": 15},
    "amended": {"tasks": [16], "total": 16},
    "effective_total": 16,
    "recorded_by": "m1",
    "recorded_at": "2031-05-01T12:00:00Z",
}


def _invite(portal: Portal, **changed: Any) -> Person:
    made = portal.service.call(
        "POST", "/api/identity/centres/68101/invitations", ADMIN, json=NEW | changed
    )
    assert made.status_code == 201, made.text
    return Person((made.json or {})["id"], (NEW | changed)["email"], "")


@pytest.mark.usefixtures("translated")
def test_an_invitation_holds_what_is_needed_to_begin(portal: Portal) -> None:
    sian = _invite(portal)
    (mail,) = queued(portal.service.database)
    assert (mail.to, mail.language) == ("Siân Ŵyn-Jones <sian@bryn.example>", "cy")
    assert mail.subject == "Eich gwahoddiad i IAMIS"
    assert "Ysgol y Bryn" in mail.text
    password = mail.line_after("Cyfrinair dros dro")
    assert password in mail.html
    begun = portal.begin(sian, password=password)
    assert (begun.status_code, (begun.json or {})["password_change"]) == (200, True)


def test_a_temporary_password_ends(portal: Portal, later: Later) -> None:
    sian = _invite(portal, language="en")
    (mail,) = queued(portal.service.database)
    password = mail.line_after("Temporary password")
    later(days=13, hours=23)
    assert portal.begin(sian, password=password).status_code == 200
    later(hours=2)
    assert portal.begin(sian, password=password).status_code == 401


def test_a_temporary_password_is_not_told_to_the_admin(portal: Portal) -> None:
    made = portal.service.call(
        "POST", "/api/identity/centres/68101/invitations", ADMIN, json=NEW | {"language": "en"}
    )
    (mail,) = queued(portal.service.database)
    assert mail.line_after("Temporary password") not in made.text


def _dewi(portal: Portal, *, iamis: bool) -> Person:
    return portal.add("dewi@bryn.example", places=(Place("68101", "user", iamis=iamis),))


def _change(portal: Portal, person: Person, **wanted: Any) -> None:
    path = f"/api/identity/centres/68101/users/{person.id}"
    assert portal.service.call("PATCH", path, ADMIN, json=wanted).status_code == 200


def test_access_granted_is_told_once_it_is_new(portal: Portal) -> None:
    dewi = _dewi(portal, iamis=False)
    _change(portal, dewi, iamis=True)
    _change(portal, dewi, iamis=True)
    (mail,) = queued(portal.service.database, "access-granted")
    assert "dewi@bryn.example" in mail.to
    _change(portal, dewi, iamis=False)
    assert len(queued(portal.service.database)) == 1


def _marked(number: str, **mark: Any) -> dict[str, Any]:
    blank = {"tasks": None, "total": None, "effective_total": None, "code": None, "outcome": None}
    return {"candidate_no": number, **blank, "initials": "", **mark}


MARKED = [
    _marked("1001", tasks=[20, 15], total=35, effective_total=35),
    _marked("1002", code="A"),
    _marked("1003", outcome="Merit"),
]


@pytest.fixture
def sheet(portal: Portal) -> Portal:
    """A submitted sheet of a centre with an admin, a submitter and a bystander."""
    portal.service.deliver("paper.changed.v1", "all/paper-1", PAPER)
    portal.add("admin@bryn.example")
    submitter = portal.add("dewi@bryn.example", places=(Place("68101", "user", iamis=True),))
    portal.add("bystander@bryn.example", places=(Place("68101", "user", iamis=True),))
    portal.add("other@hill.example", places=(Place("68102", "admin"),))
    data = SUBMITTED | {"submitted_by": submitter.id, "candidates": MARKED}
    portal.service.deliver("marks.submitted.v1", "68101/paper-1", data)
    return portal


def _told(portal: Portal, kind: str) -> set[str]:
    return {mail.to.partition("<")[2].strip(">") for mail in queued(portal.service.database, kind)}


def test_whoever_submitted_gets_a_receipt(sheet: Portal) -> None:
    (mail,) = queued(sheet.service.database, "receipt")
    assert "dewi@bryn.example" in mail.to
    assert str(PAPER["full_title"]) in mail.subject
    assert "01/05/2031 13:00" in mail.text
    for said in ("Candidates: 3", "1001: 35 (20 + 15)", "1002: A", "1003: Merit"):
        assert said in mail.text


def test_of_a_days_clerical_errors_the_centre_hears_once(sheet: Portal) -> None:
    for number in ("1054", "3268"):
        data = ERROR | {"candidate_no": number}
        sheet.service.deliver("clerical_error.recorded.v1", "68101/paper-1", data)
    mails = queued(sheet.service.database, "clerical-error")
    assert len(mails) == 2
    assert _told(sheet, "clerical-error") == {"admin@bryn.example", "dewi@bryn.example"}
    assert "remaining candidates" in mails[0].text
    assert "1054" not in mails[0].text


def _candidate(number: str, by: str, at: str, due: str | None = None) -> dict[str, Any]:
    return {"candidate_no": number, "chosen_by": by, "reason": "…", "at": at, "due": due}


def test_a_further_request_is_told_once_each(sheet: Portal) -> None:
    first = _candidate("1001", "moderator", "2031-05-01T11:00:00Z", "2031-05-09")
    data: dict[str, Any] = {
        "centre_no": "68101",
        "paper_id": "paper-1",
        "policy": "wjec-rank-order",
        "at": "2031-05-01T11:00:01Z",
        "candidates": [_candidate("1000", "system", "2031-05-01T10:00:00Z"), first],
    }
    sheet.service.deliver("sample.extended.v1", "68101/paper-1", data)
    data["candidates"].append(_candidate("1002", "centre", "2031-05-01T11:30:00Z"))
    sheet.service.deliver("sample.extended.v1", "68101/paper-1", data)
    mails = queued(sheet.service.database, "further-sample")
    assert len(mails) == 2
    assert _told(sheet, "further-sample") == {"admin@bryn.example", "dewi@bryn.example"}
    assert "09/05/2031" in mails[0].text
    data["candidates"].append(_candidate("1003", "board", "2031-05-01T11:45:00Z"))
    sheet.service.deliver("sample.extended.v1", "68101/paper-1", data)
    assert len(queued(sheet.service.database, "further-sample")) == 4


def _allocate_mair(sheet: Portal) -> None:
    sheet.add("mair@moderators.example", kind="appointee")
    wanted = {"email": "mair@moderators.example", "centre_no": "68101", "paper_id": "paper-1"}
    made = sheet.service.call("POST", "/api/identity/allocations", BOARD, json=wanted)
    assert made.status_code == 201, made.text


def test_the_moderators_hear_that_the_outcome_is_given_back(sheet: Portal) -> None:
    _allocate_mair(sheet)
    data = {
        "centre_no": "68101",
        "paper_id": "paper-1",
        "returned_by": "b1",
        "returned_at": "2031-05-01T12:00:00Z",
    }
    for _again in range(2):
        sheet.service.deliver("moderation.returned.v1", "68101/paper-1", data)
    (mail,) = queued(sheet.service.database, "moderation-returned")
    assert "mair@moderators.example" in mail.to
    assert "/centres/68101/papers/paper-1/moderation" in mail.text


def test_the_moderators_hear_of_the_sample(sheet: Portal) -> None:
    _allocate_mair(sheet)
    data = {
        "centre_no": "68101",
        "paper_id": "paper-1",
        "policy": "wjec-rank-order",
        "at": "2031-05-01T12:00:00Z",
        "candidates": [],
    }
    for _each in range(2):
        sheet.service.deliver("sample.generated.v1", "68101/paper-1", data)
    assert _told(sheet, "sample-ready") == {"mair@moderators.example"}
    assert len(queued(sheet.service.database, "sample-ready")) == 1


def test_what_is_told_again_long_after_is_no_news(sheet: Portal, later: Later) -> None:
    later(days=4)
    sheet.service.deliver("clerical_error.recorded.v1", "68101/paper-1", ERROR)
    assert queued(sheet.service.database, "clerical-error") == []


def test_a_mail_of_a_centre_with_an_odd_name_is_escaped(portal: Portal) -> None:
    with portal.service.transaction() as session:
        session.get_one(Centre, "68101").name = "Bryn <b>& Sons"
    _invite(portal, language="en")
    (mail,) = queued(portal.service.database)
    assert "Bryn <b>& Sons" in mail.text
    assert "Bryn &lt;b&gt;&amp; Sons" in mail.html


def test_the_way_from_the_invitation_to_a_session(portal: Portal) -> None:
    sian = _invite(portal, language="en")
    (mail,) = queued(portal.service.database)
    begun = portal.begin(sian, password=mail.line_after("Temporary password")).json or {}
    body = {"challenge": begun["challenge"], "new_password": "a-quiet-green-valley"}
    chosen = portal.post("/sign-in/password", body).json or {}
    answer = portal.confirm(chosen, code(begun["enrol"]["secret"]))
    assert answer.status_code == 200
    assert (answer.json or {})["user"]["centres"][0]["iamis"] is False


def test_a_released_report_is_told_to_the_centre_once(sheet: Portal) -> None:
    released = {"centre_no": "68101", "paper_id": "paper-1", "released_at": "2031-05-01T11:59:00Z"}
    for _again in range(2):
        sheet.service.deliver("moderator_report.published.v1", "68101/paper-1", released)
    mails = queued(sheet.service.database, "report-published")
    assert len(mails) == 2
    assert _told(sheet, "report-published") == {"admin@bryn.example", "dewi@bryn.example"}
    assert "/centres/68101/papers/paper-1/moderator-report" in mails[0].text


def test_of_a_centre_without_accounts_nobody_is_told(sheet: Portal) -> None:
    """And the event is done with, not tried again and again."""
    data = ERROR | {"centre_no": "68999"}
    sheet.service.deliver("clerical_error.recorded.v1", "68999/paper-1", data)
    assert queued(sheet.service.database, "clerical-error") == []


def test_the_moderators_hear_that_the_centre_has_checked_its_marks(sheet: Portal) -> None:
    _allocate_mair(sheet)
    told = {name: ERROR[name] for name in ("centre_no", "paper_id", "original", "amended")} | {
        "clerical_error_id": "e1",
        "recorded_at": ERROR["recorded_at"],
        "acknowledged_by": "u1",
        "acknowledged_at": "2031-05-01T12:30:00Z",
    }
    for number in ("1054", "3268"):
        data = told | {"candidate_no": number}
        sheet.service.deliver("clerical_error.acknowledged.v1", "68101/paper-1", data)
    (mail,) = queued(sheet.service.database, "corrections-checked")
    assert "mair@moderators.example" in mail.to
    assert "are checked" in mail.text
    assert "1054" not in mail.text


FILE = {"size": 615_000, "sha256": "ab" * 32, "uploaded_at": "2031-05-01T11:50:00Z"}
UPLOADED = {
    "centre_no": "68101",
    "paper_id": "paper-1",
    "at": "2031-05-01T11:58:00Z",
    "files": [
        FILE | {"candidate_no": "1001", "name": "gwaith <b>.zip"},
        FILE | {"candidate_no": None, "name": "film.mp4"},
    ],
}


def test_who_is_of_the_centre_no_more_gets_no_receipt(sheet: Portal) -> None:
    places = (Place("68101", "user", iamis=True), Place("68102", "user", iamis=True))
    left = sheet.add("nia@bryn.example", places=places)
    _change(sheet, left, status="deactivated")
    of_left = {"submitted_by": left.id, "uploaded_by": left.id, "candidates": MARKED}
    for key, data in (("marks.submitted.v1", SUBMITTED), ("evidence.received.v1", UPLOADED)):
        sheet.service.deliver(key, "68101/paper-1", data | of_left)
    assert "nia@bryn.example" not in _told(sheet, "receipt") | _told(sheet, "evidence")


def test_whoever_uploaded_evidence_gets_a_receipt_once(sheet: Portal) -> None:
    uploader = sheet.add("nia@bryn.example", places=(Place("68101", "user", iamis=True),))
    data = UPLOADED | {"uploaded_by": uploader.id}
    for _again in range(2):
        sheet.service.deliver("evidence.received.v1", "68101/paper-1", data)
    (mail,) = queued(sheet.service.database, "evidence")
    assert "nia@bryn.example" in mail.to
    for said in (
        f"1001, gwaith <b>.zip: 615000 bytes, 01/05/2031 12:50, SHA-256: {'ab' * 32}",
        "The whole group, film.mp4: 615000 bytes",
        "/centres/68101/papers/paper-1/evidence",
    ):
        assert said in mail.text
    assert "<b>" not in mail.html
