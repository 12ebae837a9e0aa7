"""Mail about requests: the board hears that something waits, the centre what was decided."""

from typing import Any

import pytest

from services.identity.commands.accounts import Place
from tests.support.mailbox import queued
from tests.unit.identity.people import Person, Portal
from tests.unit.identity.test_allocations import PAPER

SUBJECT = "68101/paper-1"
MARK = {"tasks": [15], "code": None, "outcome": None, "total": 15, "initials": "AB"}
OF: dict[str, dict[str, Any]] = {
    "amendment": {"candidate_no": "1054", "before": MARK, "after": MARK, "why": "Swapped"},
    "extension": {
        "before": {"marks_deadline": "2031-05-05"},
        "after": {"marks_deadline": "2031-05-20"},
        "why": "Flood",
    },
    "entry": {"candidate_no": "1054"},
}
SAID = {
    ("amendment", "accepted"): "Y marc diwygiedig sy'n cyfrif",
    ("amendment", "rejected"): "Mae'r marc yn aros fel yr oedd",
    ("extension", "accepted"): "20/05/2031",
    ("extension", "rejected"): "Mae'r dyddiad cau ar gyfer marciau'r papur hwn yn aros",
    ("entry", "accepted"): "nawr ar daflen farciau",
    ("entry", "rejected"): "Nid yw'r corff dyfarnu wedi cofrestru",
}


@pytest.fixture
def asker(portal: Portal) -> Person:
    """A teacher of a centre with an admin and a bystander, and two of the board's staff."""
    portal.service.deliver("paper.changed.v1", "all/paper-1", PAPER)
    portal.add("admin@bryn.example", language="cy")
    portal.add("bystander@bryn.example", places=(Place("68101", "user", iamis=True),))
    portal.add("other@hill.example", places=(Place("68102", "admin"),))
    for number in (1, 2):
        portal.add(f"staff{number}@board.example", kind="board")
    return portal.add("dewi@bryn.example", places=(Place("68101", "user", iamis=True),))


def tell(portal: Portal, kind: str, request_id: str = "r1", **said: Any) -> None:
    """An event about a request of that kind; decided where `said` has a decision."""
    happened = "decided" if "decision" in said else "requested"
    data = {"centre_no": "68101", "paper_id": "paper-1", "request_id": request_id}
    data |= OF[kind] | {f"{happened}_by": "u1", f"{happened}_at": "2031-05-01T12:00:00Z"} | said
    portal.service.deliver(f"{kind}.{happened}.v1", SUBJECT, data)


def told(portal: Portal, kind: str) -> set[str]:
    return {mail.to.partition("<")[2].strip(">") for mail in queued(portal.service.database, kind)}


@pytest.mark.usefixtures("translated")
@pytest.mark.parametrize(("kind", "decision"), SAID)
def test_the_centre_hears_what_was_decided(
    portal: Portal, asker: Person, kind: str, decision: str
) -> None:
    for _again in range(2):
        tell(portal, kind, decision=decision, requested_by=asker.id)
    mails = queued(portal.service.database, f"{kind}-decided")
    assert len(mails) == 2
    assert told(portal, f"{kind}-decided") == {"admin@bryn.example", "dewi@bryn.example"}
    welsh = next(mail for mail in mails if mail.language == "cy")
    english = next(mail for mail in mails if mail.language == "en")
    page = "amendments" if kind == "amendment" else "requests"
    for mail in (welsh, english):
        assert str(PAPER["full_title"]) in mail.subject
        assert f"/centres/68101/papers/paper-1/{page}" in mail.text
        assert "Ysgol y Bryn" in mail.html
        assert "1054" not in mail.text + mail.html
    assert SAID[kind, decision] in " ".join(welsh.text.split())
    assert "The awarding body has" in english.text


@pytest.mark.usefixtures("asker")
def test_the_board_hears_once_a_day_that_something_waits(portal: Portal) -> None:
    for number, kind in enumerate(OF):
        tell(portal, kind, f"r{number}")
    mails = queued(portal.service.database, "request-waiting")
    assert len(mails) == 2
    assert told(portal, "request-waiting") == {"staff1@board.example", "staff2@board.example"}
    assert "/board/requests" in mails[0].text


@pytest.mark.usefixtures("asker")
def test_of_who_asked_is_not_known_the_admins_hear(portal: Portal) -> None:
    """Decisions told before their events named who had asked."""
    tell(portal, "amendment", decision="accepted")
    assert told(portal, "amendment-decided") == {"admin@bryn.example"}
