"""What the writer of a moderator's report is told by mail when the board gives it back."""

from collections.abc import Callable
from typing import Any

import pytest

from services.identity.models import AllocationRecord
from tests.support.mailbox import Received, queued
from tests.support.service import BOARD, rows_of
from tests.unit.identity.people import Person, Portal
from tests.unit.identity.test_allocations import PAPER, SUBMITTED

SUBJECT = "68101/paper-1"
GIVEN_BACK = "moderator_report.returned.v1"


@pytest.fixture
def sheet(portal: Portal) -> Portal:
    portal.service.deliver("paper.changed.v1", "all/paper-1", PAPER)
    portal.add("admin@bryn.example")
    portal.service.deliver("marks.submitted.v1", SUBJECT, SUBMITTED)
    return portal


def moderator(sheet: Portal, email: str = "mair@moderators.example", **given: Any) -> Person:
    person = sheet.add(email, kind="appointee", **given)
    wanted = {"email": email, "centre_no": "68101", "paper_id": "paper-1"}
    made = sheet.service.call("POST", "/api/identity/allocations", BOARD, json=wanted)
    assert made.status_code == 201, made.text
    return person


def given_back(sheet: Portal, writer: Person, at: str = "12:00", sequence: int = 0) -> None:
    data = {
        "centre_no": "68101",
        "paper_id": "paper-1",
        "version": 2,
        "written_by": writer.id,
        "returned_by": "b1",
        "returned_at": f"2031-05-01T{at}:00Z",
    }
    sheet.service.deliver(GIVEN_BACK, SUBJECT, data, sequence=sequence)


def mails(sheet: Portal) -> list[Received]:
    return queued(sheet.service.database, "report-returned")


def test_whoever_wrote_it_is_told_where_to_write_it_anew(sheet: Portal) -> None:
    mair = moderator(sheet)
    moderator(sheet, "other@moderators.example")
    given_back(sheet, mair)
    (mail,) = mails(sheet)
    assert mair.email in mail.to
    assert str(PAPER["full_title"]) in mail.subject
    assert "on 68101 Ysgol y Bryn for" in mail.text
    assert "/centres/68101/papers/paper-1/moderator-report/edit\n" in mail.text


@pytest.mark.usefixtures("translated")
@pytest.mark.parametrize(
    ("language", "subject"),
    [("cy", "Adroddiad y cymedrolwr wedi'i roi yn ôl"), ("en", "Moderator's report given back")],
)
def test_it_is_in_the_language_of_the_reader(sheet: Portal, language: str, subject: str) -> None:
    given_back(sheet, moderator(sheet, language=language))
    (mail,) = mails(sheet)
    assert (mail.language, mail.subject) == (language, f"{subject}: {PAPER['full_title']}")


@pytest.mark.parametrize("sequence", [0, 5])
def test_told_again_it_is_one_mail(sheet: Portal, sequence: int) -> None:
    mair = moderator(sheet)
    for _again in range(2):
        given_back(sheet, mair, sequence=sequence)
    assert len(mails(sheet)) == 1


def test_another_return_is_another_mail(sheet: Portal) -> None:
    mair = moderator(sheet)
    given_back(sheet, mair, "11:00", 5)
    given_back(sheet, mair, "12:00", 6)
    assert len(mails(sheet)) == 2


def test_one_that_comes_after_a_later_one_is_no_mail(sheet: Portal) -> None:
    mair = moderator(sheet)
    given_back(sheet, mair, "12:00", 6)
    given_back(sheet, mair, "11:00", 5)
    assert len(mails(sheet)) == 1


def test_where_the_writer_is_its_moderator_no_more_the_new_one_is_told(sheet: Portal) -> None:
    mair = moderator(sheet)
    with sheet.service.transaction() as session:
        (record,) = rows_of(session, AllocationRecord)
        path = f"/api/identity/allocations/{record.id}"
    assert sheet.service.call("DELETE", path, BOARD).status_code == 204
    new = moderator(sheet, "new@moderators.example")
    given_back(sheet, mair)
    (mail,) = mails(sheet)
    assert new.email in mail.to


def test_days_later_it_is_no_news(sheet: Portal, later: Callable[..., None]) -> None:
    mair = moderator(sheet)
    later(days=4)
    given_back(sheet, mair)
    assert mails(sheet) == []
