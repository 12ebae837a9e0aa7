"""`GET /api/events`: of the consortia of a paper each is told of their own."""

from typing import Any

import pytest

from tests.support.service import BOARD, MODERATOR, admin_of, teacher_of
from tests.unit.gateway.happenings import Happenings
from tests.unit.gateway.listening import tool

TEACHER = teacher_of("68101")

pytestmark = pytest.mark.usefixtures("quick")


def test_a_paper_tells_each_of_their_own_consortia_alone(
    happenings: Happenings, listen: Any
) -> None:
    """A moderator of those of their sheets; a tool that is held to centres as these are."""
    mine, others = ["68101", "68103"], ["68104", "68105"]
    happenings.entries("68101")
    happenings.entries("68102")
    happenings.allocate("68101")
    happenings.submitted("68101")
    readers = {
        "teacher": listen(TEACHER),
        "foreign": listen(admin_of("68102")),
        "moderator": listen(MODERATOR),
        "board": listen(BOARD),
        "tool": listen(tool("marks:read")),
        "tool of a centre": listen(tool("marks:read", "68101")),
    }
    happenings.paper(consortia=[mine, others])
    told = {
        who: [event["data"]["consortia"] for _number, event in reader.told()]
        for who, reader in readers.items()
    }
    assert told == {
        "teacher": [[mine]],
        "foreign": [[]],
        "moderator": [[mine]],
        "board": [[mine, others]],
        "tool": [[mine, others]],
        "tool of a centre": [[mine]],
    }
    again = listen(TEACHER, last_seen=0)
    assert [event["data"].get("consortia") for _number, event in again.told()][-1] == [mine]
