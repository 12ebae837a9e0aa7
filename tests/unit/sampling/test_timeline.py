"""The whole story of a sample, and what of it a centre may know before results day."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from shared import clock
from tests.support.service import BOARD, MODERATOR, ServiceUnderTest
from tests.unit.sampling.builders import marked
from tests.unit.sampling.events import ADMIN, NOTE, URL, add, submit
from tests.unit.sampling.moderating import SAMPLE, complete, decide, mark_all

RESULTS_DAY = datetime(2031, 8, 21, 7, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _ticking(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every look at the clock is a second later."""
    seconds = count()
    begin = datetime(2031, 5, 2, 12, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: begin + timedelta(seconds=next(seconds)))


def told(service: ServiceUnderTest, who: Any) -> list[dict[str, Any]]:
    answer = service.call("GET", f"{URL}/timeline", who)
    assert answer.status_code == 200
    happenings: list[dict[str, Any]] = (answer.json or {})["happenings"]
    return happenings


def whats(service: ServiceUnderTest, who: Any) -> list[str]:
    return [one["what"] for one in told(service, who)]


def test_what_happened_is_told_in_its_order(generated: ServiceUnderTest) -> None:
    add(generated, ADMIN, candidate_nos=["0002"])
    add(generated, MODERATOR, candidate_nos=["0004", "0006"], due="2099-01-02")
    submit(generated, [*marked(range(30, 18, -1)), *marked([99], start=20)], "supplementary")
    happenings = told(generated, ADMIN)
    assert [one["what"] for one in happenings] == [
        "submitted",
        "generated",
        "added",
        "asked",
        "grown",
    ]
    _submitted, first, added, asked, grown = happenings
    assert (first["candidates"], first["by"]) == (SAMPLE, None)
    assert (added["candidates"], added["by"], added["text"]) == (["0002"], ADMIN.name, NOTE)
    assert (asked["candidates"], asked["due"]) == (["0004", "0006"], "2099-01-02")
    assert (grown["candidates"], grown["text"]) == (["0020"], "")


def test_without_a_submission_there_is_no_story(sampling: ServiceUnderTest) -> None:
    assert told(sampling, BOARD) == []


def test_the_centre_hears_of_moderation_on_results_day(
    generated: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark_all(generated)
    complete(generated, "accepted", comment="For the board")
    decide(generated, comment="Fine")
    both = ["submitted", "generated", "completed", "decided"]
    assert (whats(generated, ADMIN), whats(generated, BOARD)) == (both[:2], both)
    assert [one["text"] for one in told(generated, MODERATOR)[2:]] == ["For the board", "Fine"]
    monkeypatch.setattr(clock, "now", lambda: RESULTS_DAY)
    assert whats(generated, ADMIN) == both
    assert [one["text"] for one in told(generated, ADMIN)[2:]] == ["", ""]


def test_what_was_given_back_is_in_the_story_of_moderator_and_board(
    generated: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark_all(generated)
    for decision in ("returned", "approved", "returned", "approved"):
        if decision == "approved" or whats(generated, BOARD)[-1] == "generated":
            complete(generated, "accepted")
        assert decide(generated, decision, comment=f"It is {decision}").status_code == 201
    once, again = ["completed", "returned"], ["completed", "decided"]
    assert whats(generated, MODERATOR)[2:] == [*once, *again, "returned", *again]
    assert told(generated, BOARD)[3]["text"] == "It is returned"
    monkeypatch.setattr(clock, "now", lambda: RESULTS_DAY)
    assert whats(generated, ADMIN)[2:] == again
