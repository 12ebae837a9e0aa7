"""Mail before a deadline: to the exams officers, in their language, of what is missing."""

from collections.abc import Callable
from typing import Any

import pytest

from services.identity.commands.accounts import Place
from services.identity.domain.reminder_letters import MOST
from shared import clock
from tests.support.mailbox import queued
from tests.unit.identity.people import Portal
from tests.unit.identity.test_allocations import PAPER

SUBJECT = "68101/paper-1"


@pytest.fixture
def centre(portal: Portal) -> Portal:
    """A centre with an admin who reads Welsh, and a teacher."""
    portal.service.deliver("paper.changed.v1", "all/paper-1", PAPER)
    portal.add("admin@bryn.example", language="cy")
    portal.add("teacher@bryn.example", places=(Place("68101", "user", iamis=True),))
    return portal


def due(kind: str, *candidate_nos: str, days_left: int = 3) -> dict[str, Any]:
    return {
        "centre_no": "68101",
        "paper_id": "paper-1",
        "kind": kind,
        "deadline": "2031-05-05",
        "days_left": days_left,
        "candidate_nos": list(candidate_nos),
        "at": clock.now().isoformat(),
    }


@pytest.mark.usefixtures("translated")
@pytest.mark.parametrize(
    ("kind", "subject", "show"),
    [("marks", "Marciau erbyn 05/05/2031", "unmarked"), ("evidence", "Tystiolaeth", "samples")],
)
def test_an_exams_officer_is_told_what_is_missing(
    centre: Portal, kind: str, subject: str, show: str
) -> None:
    for _again in range(2):
        centre.service.deliver("reminder.due.v1", SUBJECT, due(kind, "1054", "1060"))
    (mail,) = queued(centre.service.database, "reminder")
    assert "admin@bryn.example" in mail.to
    assert mail.subject.startswith(subject)
    assert "Rhifau ymgeiswyr: 1054, 1060" in mail.text
    assert f"/centres/68101/papers/paper-1/marksheet?show={show}" in mail.text


def test_each_step_is_a_mail(centre: Portal) -> None:
    for days_left in (7, 3, 1):
        told = due("marks", "1054", days_left=days_left)
        centre.service.deliver("reminder.due.v1", SUBJECT, told)
    assert len(queued(centre.service.database, "reminder")) == 3


@pytest.mark.parametrize(("hours", "mails"), [(4, 1), (5, 0), (24, 0)])
def test_one_that_comes_by_night_or_on_a_later_day_is_dropped(
    centre: Portal, later: Callable[..., None], hours: int, mails: int
) -> None:
    """It is told at 13:00 in London."""
    told = due("marks", "1054")
    later(hours=hours)
    centre.service.deliver("reminder.due.v1", SUBJECT, told)
    assert len(queued(centre.service.database, "reminder")) == mails


def test_many_candidates_are_counted_and_not_named(centre: Portal) -> None:
    numbers = [f"{number:04}" for number in range(MOST + 1)]
    centre.service.deliver("reminder.due.v1", SUBJECT, due("marks", *numbers))
    (mail,) = queued(centre.service.database, "reminder")
    assert str(MOST + 1) in mail.text
    assert "0001" not in mail.text


@pytest.mark.usefixtures("translated")
def test_pieces_that_are_missing_are_named_with_whose(centre: Portal) -> None:
    missing = [
        {"candidate_no": "1054", "pieces": ["Case Study 1", "Question set"]},
        {"candidate_no": "1060", "pieces": ["Question set"]},
    ]
    told = due("evidence", "1054", "1060") | {"missing": missing, "group": True}
    centre.service.deliver("reminder.due.v1", SUBJECT, told)
    (mail,) = queued(centre.service.database, "reminder")
    for said in ("Case Study 1: 1054\n", "Question set: 1054, 1060\n", "Ffeiliau grŵp: dim\n"):
        assert said in mail.text


def test_where_the_group_alone_lacks_files_no_candidate_is_counted(centre: Portal) -> None:
    centre.service.deliver("reminder.due.v1", SUBJECT, due("evidence") | {"group": True})
    (mail,) = queued(centre.service.database, "reminder")
    assert "Candidates" not in mail.text
