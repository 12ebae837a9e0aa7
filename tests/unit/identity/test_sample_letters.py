"""The moderators hear of each sample once, and again where the submission was undone and made."""

import pytest

from tests.support.mailbox import queued
from tests.support.service import BOARD
from tests.unit.identity.people import Portal
from tests.unit.identity.test_allocations import PAPER, SUBMITTED

SUBJECT = "68101/paper-1"
OF_SHEET = {"centre_no": "68101", "paper_id": "paper-1"}
SAMPLE = OF_SHEET | {"policy": "wjec-rank-order", "candidates": []}
MADE = "2031-05-01T11:00:00Z"
COUNTS = {"submissions": 1, "candidates": 1}
UNDONE = OF_SHEET | {"before": COUNTS, "after": COUNTS, "why": "Too early", "reopened_by": "b1"}


@pytest.fixture
def allocated(portal: Portal) -> Portal:
    portal.service.deliver("paper.changed.v1", "all/paper-1", PAPER)
    portal.add("mair@moderators.example", kind="appointee")
    wanted = OF_SHEET | {"email": "mair@moderators.example"}
    made = portal.service.call("POST", "/api/identity/allocations", BOARD, json=wanted)
    assert made.status_code == 201, made.text
    return portal


def test_a_sample_heard_of_before_its_submission_is_told(allocated: Portal) -> None:
    allocated.service.deliver("sample.generated.v1", SUBJECT, SAMPLE | {"at": MADE})
    assert len(queued(allocated.service.database, "sample-ready")) == 1


def test_of_a_sample_made_anew_the_moderators_hear_again(allocated: Portal) -> None:
    tell = allocated.service.deliver
    for count, at in enumerate((MADE, "2031-05-01T11:30:00Z"), 1):
        tell("marks.submitted.v1", SUBJECT, SUBMITTED | {"submitted_at": at})
        for _again in range(2):
            tell("sample.generated.v1", SUBJECT, SAMPLE | {"at": at})
        assert len(queued(allocated.service.database, "sample-ready")) == count
        tell("submission.reopened.v1", SUBJECT, UNDONE | {"reopened_at": at})
        # One made before sampling heard of that.
        tell("sample.generated.v1", SUBJECT, SAMPLE | {"at": at})
        assert len(queued(allocated.service.database, "sample-ready")) == count
