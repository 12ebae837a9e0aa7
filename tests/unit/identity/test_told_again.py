"""What happens to a sheet another time is told another time, and what is told again is not."""

import pytest

from tests.support.mailbox import queued
from tests.support.service import BOARD
from tests.unit.identity.people import Portal
from tests.unit.identity.test_allocations import PAPER, SUBMITTED

SUBJECT = "68101/paper-1"
OF_SHEET = {"centre_no": "68101", "paper_id": "paper-1"}
ACKNOWLEDGED = OF_SHEET | {
    "candidate_no": "1001",
    "clerical_error_id": "e1",
    "original": {"tasks": [20, 15], "total": 35},
    "amended": {"tasks": [20, 16], "total": 36},
    "recorded_at": "2031-05-01T09:00:00Z",
    "acknowledged_by": "u1",
}
TIMES = ("2031-05-01T11:00:00Z", "2031-05-01T11:30:00Z")


@pytest.fixture
def sheet(portal: Portal) -> Portal:
    portal.service.deliver("paper.changed.v1", "all/paper-1", PAPER)
    portal.add("admin@bryn.example")
    portal.service.deliver("marks.submitted.v1", SUBJECT, SUBMITTED)
    portal.add("mair@moderators.example", kind="appointee")
    wanted = OF_SHEET | {"email": "mair@moderators.example"}
    made = portal.service.call("POST", "/api/identity/allocations", BOARD, json=wanted)
    assert made.status_code == 201, made.text
    return portal


@pytest.mark.parametrize(
    ("key", "data", "at", "kind"),
    [
        ("moderator_report.published.v1", OF_SHEET, "released_at", "report-published"),
        ("clerical_error.acknowledged.v1", ACKNOWLEDGED, "acknowledged_at", "corrections-checked"),
    ],
)
def test_it_is_one_letter_each_time(
    sheet: Portal, key: str, data: dict[str, object], at: str, kind: str
) -> None:
    for count, time in enumerate(TIMES, 1):
        for _again in range(2):
            sheet.service.deliver(key, SUBJECT, data | {at: time})
        assert len(queued(sheet.service.database, kind)) == count
