"""How many streams are open at once: of one account, and of all of a process."""

from typing import Any

import pytest

from services.gateway.live import hub
from tests.support.service import BOARD, ServiceUnderTest, admin_of, teacher_of

EVENTS = "/api/events"
TEACHER = teacher_of("68101")

pytestmark = pytest.mark.usefixtures("quick")


def test_only_so_many_listen(
    gateway: ServiceUnderTest, listen: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "MOST_LISTENERS", 1)
    listen(BOARD)
    refused = gateway.call("GET", EVENTS, BOARD)
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")


def test_one_account_leaves_room_for_others(
    gateway: ServiceUnderTest, listen: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "MOST_OF_ONE", 2)
    opened = [listen(TEACHER) for _each in range(2)]
    refused = gateway.call("GET", EVENTS, TEACHER)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "5")
    assert (refused.json or {})["type"] == "urn:iamis:problem:too-many-requests"
    assert listen(admin_of("68101")).told() == []
    opened[0].answer.close()
    assert listen(TEACHER).told() == []
