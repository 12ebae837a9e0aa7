"""An outcome of a submission that was undone: no centre hears of it, in whatever order it comes."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from services.gateway.live.keeping import release
from services.gateway.live.queries import ALLOWED
from services.gateway.models import LiveEvent
from shared import clock
from tests.support.service import ServiceUnderTest
from tests.unit.gateway.happenings import Happenings

CENTRE = "68101"
RESULTS_DAY = datetime.fromisoformat("2031-08-21T08:00:00+01:00")
DECIDED = "iamis.moderation.decided.v1"
OLD, NEW = 8, 10

Happening = Callable[[Happenings], None]
# What happens to a sheet that was submitted, by the sequences of marks and of sampling.
HAPPENED: dict[str, Happening] = {
    "decided": lambda happenings: happenings.moderated(CENTRE, OLD),
    "reopened": lambda happenings: happenings.reopened(CENTRE, 2),
    "submitted": lambda happenings: happenings.submitted(CENTRE, 3),
    "sampled": lambda happenings: happenings.sampled(CENTRE, 9),
    "decided anew": lambda happenings: happenings.moderated(CENTRE, NEW),
}


@pytest.fixture
def submitted(happenings: Happenings) -> Happenings:
    happenings.paper()
    happenings.submitted(CENTRE, 1)
    happenings.sampled(CENTRE, 7)
    return happenings


@pytest.fixture
def begin_results_day(
    gateway: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], None]:
    """Makes it results day, and tells what was held back."""

    def begin() -> None:
        monkeypatch.setattr(clock, "now", lambda: RESULTS_DAY + timedelta(seconds=1))
        with gateway.transaction() as session:
            release(session)

    return begin


def heard(gateway: ServiceUnderTest) -> list[int]:
    """The sequences of the outcomes that the centre was told."""
    with gateway.transaction() as session:
        rows = session.scalars(select(LiveEvent).order_by(LiveEvent.seq)).all()
        return [
            row.sequence
            for row in rows
            if json.loads(row.frame)["type"] == DECIDED and "centre" in ALLOWED[row.held]
        ]


@pytest.mark.parametrize("order", [("decided", "reopened"), ("reopened", "decided")])
def test_what_was_undone_is_not_told(
    gateway: ServiceUnderTest,
    submitted: Happenings,
    begin_results_day: Callable[[], None],
    order: tuple[str, str],
) -> None:
    for name in order:
        HAPPENED[name](submitted)
    begin_results_day()
    assert heard(gateway) == []


def test_nor_where_it_comes_when_the_results_are_out(
    gateway: ServiceUnderTest, submitted: Happenings, begin_results_day: Callable[[], None]
) -> None:
    HAPPENED["reopened"](submitted)
    begin_results_day()
    HAPPENED["decided"](submitted)
    begin_results_day()
    assert heard(gateway) == []


def test_nor_when_it_is_submitted_again_after_that(
    gateway: ServiceUnderTest, submitted: Happenings, begin_results_day: Callable[[], None]
) -> None:
    for name in ("decided", "reopened"):
        HAPPENED[name](submitted)
    begin_results_day()
    HAPPENED["submitted"](submitted)
    begin_results_day()
    assert heard(gateway) == []


@pytest.mark.parametrize(
    "order",
    [
        ("decided", "reopened", "submitted", "sampled", "decided anew"),
        ("decided", "submitted", "reopened", "sampled", "decided anew"),
        ("decided", "submitted", "sampled", "decided anew", "reopened"),
        ("reopened", "decided", "submitted", "decided anew", "sampled"),
        ("reopened", "submitted", "decided", "sampled", "decided anew"),
        ("reopened", "submitted", "sampled", "decided anew", "decided"),
        ("reopened", "sampled", "decided anew", "submitted", "decided"),
    ],
)
def test_what_is_decided_anew_is_told(
    gateway: ServiceUnderTest,
    submitted: Happenings,
    begin_results_day: Callable[[], None],
    order: tuple[str, ...],
) -> None:
    for name in order:
        HAPPENED[name](submitted)
    begin_results_day()
    assert heard(gateway) == [NEW]
