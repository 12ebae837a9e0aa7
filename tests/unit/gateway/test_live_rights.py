"""What listeners are told as their rights are: of some teaching sets, granted or ended since."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from services.gateway.live.keeping import release
from services.gateway.live.queries import after, position
from shared import clock
from shared.access.principal import Membership, Principal
from tests.support.service import BOARD, ServiceUnderTest, teacher_of, teacher_of_sets
from tests.unit.gateway.happenings import Happenings

CENTRE = "68101"
JOINED = "68102"
RESULTS_DAY = datetime.fromisoformat("2031-08-21T08:00:00+01:00")

pytestmark = pytest.mark.usefixtures("quick")


def test_who_has_a_set_is_told_of_its_candidates_alone(happenings: Happenings, listen: Any) -> None:
    happenings.entries(CENTRE, c0001="10A", c0002="10B")
    of_one, of_both = (
        listen(teacher_of_sets(CENTRE, *names)) for names in (("10A",), ("10A", "10B"))
    )
    happenings.uploaded(CENTRE, "0002")
    happenings.uploaded(CENTRE, "0001")
    mine, others = of_one.told(), of_both.told()
    assert [event["data"]["candidate_no"] for _number, event in mine] == ["0001"]
    assert [event["data"]["candidate_no"] for _number, event in others] == ["0002", "0001"]
    happenings.reminded(CENTRE, "0001", "0002")
    assert (of_one.keys(), of_both.keys()) == ([], ["reminder.due.v1"])


def test_what_is_about_the_whole_sheet_is_not_told_to_a_set(
    happenings: Happenings, listen: Any
) -> None:
    happenings.entries(CENTRE)
    everybody, of_a_set = listen(teacher_of(CENTRE)), listen(teacher_of_sets(CENTRE, "10A"))
    happenings.uploaded(CENTRE, None)
    happenings.uploaded(CENTRE, "0009")
    happenings.extension_requested(CENTRE)
    told = ["evidence.uploaded.v1", "evidence.uploaded.v1", "extension.requested.v1"]
    assert (everybody.keys(), of_a_set.keys()) == (told, told[-1:])


@pytest.mark.parametrize("late", [False, True])
def test_an_outcome_taken_back_is_never_told_to_a_centre(
    happenings: Happenings,
    listen: Any,
    gateway: ServiceUnderTest,
    monkeypatch: pytest.MonkeyPatch,
    *,
    late: bool,
) -> None:
    happenings.submitted(CENTRE)
    happenings.paper()
    teacher, board = teacher_of(CENTRE), listen(BOARD)
    happened = [(happenings.moderated, 8), (happenings.moderation_returned, 9)]
    for tell, sequence in reversed(happened) if late else happened:
        tell(CENTRE, sequence)
    assert set(board.keys()) == {"moderation.decided.v1", "moderation.returned.v1"}
    monkeypatch.setattr(clock, "now", lambda: RESULTS_DAY)
    with gateway.transaction() as session:
        assert release(session) == 0
    happenings.moderated(CENTRE, 10)
    with gateway.transaction() as session:
        told = [one.audience.includes(teacher) for one in after(session, position(session) - 3)]
    assert told == [False, False, True]


def test_an_outcome_taken_back_late_is_not_the_next_one(
    happenings: Happenings, gateway: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    happenings.submitted(CENTRE)
    happenings.paper()
    happenings.moderated(CENTRE, 10)
    happenings.moderation_returned(CENTRE, 9)
    monkeypatch.setattr(clock, "now", lambda: RESULTS_DAY)
    with gateway.transaction() as session:
        assert release(session) == 1


def test_it_ends_with_the_session_and_no_other(happenings: Happenings, listen: Any) -> None:
    here, there = (replace(teacher_of(CENTRE), session_id=name) for name in ("s1", "s2"))
    ended, goes_on = listen(here), listen(there)
    happenings.access_changed(
        here.user_id, 2, tokens_from=1, grants={}, ended_sessions=[here.session_id]
    )
    assert ended.ends()
    assert goes_on.told() == []


@pytest.mark.parametrize(
    ("opened", "centre"),
    [
        (teacher_of(CENTRE, iamis=False), CENTRE),
        (teacher_of_sets(CENTRE, "10B"), CENTRE),
        (teacher_of(CENTRE), JOINED),
    ],
    ids=["iamis", "restriction lifted", "centre joined"],
)
def test_what_is_granted_holds_for_a_stream_that_is_open(
    happenings: Happenings, listen: Any, opened: Principal, centre: str
) -> None:
    happenings.entries(centre)
    listening = listen(opened)
    happenings.submitted(centre)
    assert listening.keys() == []
    grants = {no: Membership("user", iamis=True).to_claims() for no in (CENTRE, JOINED)}
    happenings.access_changed(opened.user_id, 2, tokens_from=1, grants=grants)
    happenings.sampled(centre)
    assert listening.keys() == ["sample.generated.v1"]
