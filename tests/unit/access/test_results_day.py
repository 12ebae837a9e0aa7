"""Results day, to the second: who is told of an outcome or a moderator's report, and when.

Every route is asked by everybody in two systems, of which only one knows an outcome. Where the
answers differ somebody is told, and a table here says so; so no route that tells can be forgotten.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from services.gateway.live.queries import after, maybe_for
from shared import clock
from shared.access.principal import Principal
from shared.bus import EVENTS
from shared.bus.tools import bindings_for
from shared.bus.topics import matches
from shared.commands.tools import SEALED, TOLD
from shared.events.envelope import Envelope
from shared.files import store
from tests.support.mailbox import queued
from tests.support.memory_storage import MemoryStorage
from tests.unit.access.answers import Told, who_is_told
from tests.unit.access.twins import MOMENTS, RESULTS_DAY, System, Twins, twins
from tests.unit.access.world import OWN, PEOPLE, World

SHEET = "centres/<centre_no>/papers/<paper_id>"
REPORT = f"reports GET {SHEET}/moderator-report"

BOARD = frozenset({"board"})
# Who moderates knows what they decide themselves, and the board what it approves.
INSIDERS = BOARD | {"allocated"}
BOARD_AND_ITS_TOOLS = BOARD | {"tool"}
# Board staff who look at a centre's pages are told what the centre is.
STAFF = frozenset({"admin", "looking", "teacher", "both", "of a set", "of another set"})
# Staff of one teaching set are told of its candidates alone, and of no others'.
READERS = INSIDERS | (STAFF - {"of another set"}) | {"tool", "centre tool"}

BEFORE: Told = {
    "marks GET exports/marks": BOARD_AND_ITS_TOOLS,
    "marks GET progress": BOARD,
    "marks GET papers/<paper_id>/progress": BOARD,
    "sampling GET moderations": INSIDERS,
    f"sampling GET {SHEET}/moderation": INSIDERS,
    f"sampling GET {SHEET}/moderation/preview": INSIDERS,
    f"sampling GET {SHEET}/sample/timeline": INSIDERS,
    REPORT: INSIDERS,
}
# What waits for the board to look at it waits until it is released.
BEFORE_ALONE: Told = {"reports GET moderator-reports": INSIDERS}
# From now on the moderation of a sheet is there for its centre. Those who may not read it are told
# that (403); that it is adjusted, and what became of everybody, is for those who may.
THERE_NOW = INSIDERS | STAFF | {"no iamis"}
FROM_THEN_ON: Told = {
    **BEFORE,
    f"marks GET {SHEET}/marksheet": READERS | STAFF,
    "reports GET centres/<centre_no>/candidate-details": READERS - {"allocated"},
    f"reports GET {SHEET}/candidate-details": READERS,
    f"sampling GET {SHEET}/moderation": THERE_NOW,
    f"sampling GET {SHEET}/moderation/preview": THERE_NOW,
    f"sampling PATCH {SHEET}/moderation": THERE_NOW - INSIDERS,
    f"sampling PATCH {SHEET}/moderation/marks": THERE_NOW - INSIDERS,
    f"sampling POST {SHEET}/moderation/completion": THERE_NOW - INSIDERS,
    f"sampling POST {SHEET}/moderation/decision": THERE_NOW - INSIDERS,
    f"sampling GET {SHEET}/sample/timeline": INSIDERS | STAFF | {"tool", "centre tool"},
    REPORT: INSIDERS | STAFF,
}
WHEN = {"before": {**BEFORE, **BEFORE_ALONE}, "at": FROM_THEN_ON, "after": FROM_THEN_ON}


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """What time it is for every service: the last of these."""
    moments = [MOMENTS["before"] - timedelta(days=30)]
    monkeypatch.setattr(clock, "now", lambda: moments[-1])
    return moments


@pytest.fixture
def pair(
    world: World, tmp_path: Path, now: list[datetime], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Twins]:
    """Decided a month before; the time is then a second before the release."""
    storage = MemoryStorage()
    monkeypatch.setattr(store, "bucket", lambda: storage)
    with twins(world, tmp_path) as found:
        now.append(MOMENTS["before"])
        yield found


def test_it_is_a_time_in_london(world: World, pair: Twins) -> None:
    told = pair.decided.services["marks"].call(
        "GET", f"/api/marks/papers/{world.papers.submitted}", PEOPLE["board"]
    )
    assert (told.json or {})["results_day"] == RESULTS_DAY.isoformat()
    assert RESULTS_DAY.astimezone(clock.LONDON).strftime("%H:%M") == "09:30"


@pytest.mark.long
@pytest.mark.parametrize("moment", MOMENTS)
def test_every_route_tells_who_may_know(
    pair: Twins, world: World, now: list[datetime], moment: str
) -> None:
    now.append(MOMENTS[moment])
    for system in (pair.silent, pair.decided):
        system.work()
    # A second later it is as it was then: of all other routes nothing depends on it any more.
    only = WHEN[moment] if moment == "after" else ()
    assert who_is_told(pair, world.papers.submitted, only) == WHEN[moment]


def told_to_tools(events: list[Envelope], *centres: str) -> list[str]:
    """The types that a tool would find in its queue that is bound with all there is."""
    bound = bindings_for(["#"], centres, TOLD, SEALED)
    public = [event for event in events if event.event_type.exchange == EVENTS]
    return [
        event.key
        for event in public
        if any(matches(one.pattern, event.routing_key) for one in bound)
    ]


def test_events_reach_the_tools_of_a_centre_on_results_day(
    pair: Twins, now: list[datetime]
) -> None:
    assert told_to_tools(pair.since) == ["moderation.decided.v1"]
    assert told_to_tools(pair.since, OWN) == []
    assert pair.decided.work() == []
    now.append(RESULTS_DAY)
    assert told_to_tools(pair.decided.work(), OWN) == ["moderator_report.published.v1"]
    assert pair.decided.work() == pair.silent.work() == [], "it is told once"


def heard(pair: Twins, moment: str) -> dict[str, list[str]]:
    """The live events that only the system with an outcome tells, by those who are told them."""
    found = {}
    for kind, who in PEOPLE.items():
        silent, decided = (_stream(system, who) for system in (pair.silent, pair.decided))
        assert decided[: len(silent)] == silent, moment
        found[kind] = decided[len(silent) :]
    return {kind: keys for kind, keys in found.items() if keys}


def _stream(system: System, who: Principal) -> list[str]:
    """The types of all that somebody is told who listens from the beginning."""
    with system.services["gateway"].database.reading() as session:
        told = after(session, 0, maybe_for(who))
    return [
        Envelope.from_json(one.frame_for(who)).key for one in told if one.audience.includes(who)
    ]


DECIDED, PUBLISHED = "moderation.decided.v1", "moderator_report.published.v1"


def test_live_events_reach_a_centre_on_results_day(pair: Twins, now: list[datetime]) -> None:
    insiders = ("allocated", "board", "tool")
    assert heard(pair, "before") == {kind: [DECIDED] for kind in insiders}
    now.append(RESULTS_DAY)
    for system in (pair.silent, pair.decided):
        system.work()
    everybody = (*insiders, "teacher", "admin", "looking", "both", "of a set", "centre tool")
    told = {kind: [DECIDED, PUBLISHED] for kind in everybody}
    # Staff of a teaching set are told of no event that names candidates of another one.
    told["of another set"] = [PUBLISHED]
    assert {kind: sorted(keys) for kind, keys in heard(pair, "at").items()} == told


def mails(system: System) -> list[tuple[str, str]]:
    found = queued(system.services["identity"].database)
    return [(mail.to, mail.subject) for mail in found]


def test_the_mail_of_the_report_goes_out_on_results_day(pair: Twins, now: list[datetime]) -> None:
    assert mails(pair.decided) == mails(pair.silent)
    now.append(RESULTS_DAY)
    known = len(mails(pair.silent))
    for _twice in range(2):
        pair.decided.work()
    written = mails(pair.decided)[known:]
    assert len(written) == 1, "once, and to the centre alone"
    ((to, subject),) = written
    assert "admin@example.org" in to
    assert "other" not in to
    assert subject.startswith("Moderator's report on GCSE JUNE 2031 HISTORY")
