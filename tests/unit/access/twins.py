"""Two systems that differ in one thing: in one a moderation was approved and a report written.

Whoever is answered the same by both has been told nothing of either.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

from services.gateway.app import SERVICE as GATEWAY
from services.gateway.live.keeping import release
from services.identity.models import Membership
from services.reports.commands.releases import announce_due
from shared import clock
from shared.access.principal import Principal
from shared.events.envelope import Envelope
from shared.service import Service, load_service, service_names
from tests.support.databases import SqliteTemplate
from tests.support.service import BOARD, ServiceUnderTest, know_key
from tests.unit.access.world import ALLOCATED, CANDIDATES, FOREIGN, OWN, PEOPLE, World

# 09:30 in London, where it is summer.
RESULTS_DAY = datetime(2031, 8, 21, 8, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MOMENTS = {"before": RESULTS_DAY - SECOND, "at": RESULTS_DAY, "after": RESULTS_DAY + SECOND}
# So much less than the centre gave, which is more than the tolerance.
TAKEN_OFF = 20
SAID = "What the moderator has said"


@dataclass
class System:
    """Every service on databases of its own; `tell` brings the events of each to the others."""

    services: Mapping[str, ServiceUnderTest]
    told: dict[str, int] = field(default_factory=dict)

    def tell(self) -> list[Envelope]:
        """Deliver what was not delivered yet until nobody has news; gives all of it."""
        all_of_it: list[Envelope] = []
        while news := [event for name in self.services for event in self._news_of(name)]:
            for event in news:
                self._deliver(event)
            all_of_it += news
        return all_of_it

    def _news_of(self, name: str) -> list[Envelope]:
        emitted = self.services[name].emitted()
        known, self.told[name] = self.told.get(name, 0), len(emitted)
        return emitted[known:]

    def _deliver(self, event: Envelope) -> None:
        for service in self.services.values():
            if event.key in service.handled:
                service.deliver(
                    event.key,
                    event.subject,
                    event.data,
                    sequence=event.sequence,
                    event_id=event.id,
                )

    def close(self) -> None:
        for service in self.services.values():
            service.close()

    def work(self) -> list[Envelope]:
        """What goes on beside the requests, and what it tells."""
        self.services["reports"].database.run(announce_due)
        told = self.tell()
        self.services["gateway"].database.run(release)
        return told


@dataclass(frozen=True)
class Twins:
    """`silent` knows no outcome, `decided` does; `since` are the events of the difference."""

    silent: System
    decided: System
    since: list[Envelope]


@contextmanager
def twins(world: World, folder: Path) -> Iterator[Twins]:
    pair = [opened(world, folder / name) for name in ("silent", "decided")]
    try:
        _decide(pair[1], world.papers.submitted)
        silent, decided = pair
        yield Twins(silent, decided, decided.tell())
    finally:
        for system in pair:
            system.close()


def opened(world: World, folder: Path) -> System:
    services = {}
    for service in map(load_service, service_names()):
        home = folder / service.name
        home.mkdir(parents=True)
        services[service.name] = ServiceUnderTest(service, _template(world, service, home), home)
    _add_officers(services["identity"])
    for paper_id in (world.papers.submitted, world.papers.open):
        services["gateway"].allocate(OWN, paper_id, ALLOCATED)
    system = System(services)
    # The gateway was not there when it was told, and hears all of it now; the others know it.
    system.tell()
    return system


def _add_officers(identity: ServiceUnderTest) -> None:
    """Who has mail about a sheet: the exams officers, here of both centres."""
    with identity.transaction() as session:
        for kind, centre_no in (("admin", OWN), ("other admin", FOREIGN)):
            session.add(
                Membership(
                    user_id=PEOPLE[kind].user_id,
                    centre_no=centre_no,
                    account_type="admin",
                    iamis=True,
                    status="active",
                    handle=kind,
                )
            )


def _template(world: World, service: Service, folder: Path) -> SqliteTemplate:
    if service.name in world.databases:
        return world.databases[service.name]
    return SqliteTemplate.made(GATEWAY, folder, know_key)


def _decide(system: System, paper_id: str) -> None:
    """Mark the sample, adjust and approve, and write the report; an hour before the release."""
    sampling, sheet = system.services["sampling"], f"centres/{OWN}/papers/{paper_id}"
    at = f"/api/sampling/{sheet}/moderation"
    rows = [
        {"candidate_no": f"{number:04}", "total": 50 + number - TAKEN_OFF} for number in CANDIDATES
    ]
    report = {
        "sections": dict.fromkeys(("tasks", "accuracy", "administration"), SAID),
        "outcome": "adjusted",
    }
    ask(sampling, "PATCH", f"{at}/marks", ALLOCATED, {"candidates": rows})
    ask(sampling, "POST", f"{at}/completion", ALLOCATED, {"outcome": "adjusted"})
    ask(sampling, "POST", f"{at}/decision", BOARD, {"decision": "approved"})
    reports = system.services["reports"]
    ask(reports, "PUT", f"/api/reports/{sheet}/moderator-report", ALLOCATED, report)


def live_through(system: System, paper_id: str) -> None:
    """What may happen to a sheet after its submission: corrections, requests, a larger sample."""
    marks, sampling = (system.services[name] for name in ("marks", "sampling"))
    sheet, admin = f"centres/{OWN}/papers/{paper_id}", PEOPLE["admin"]
    error = {"candidate_no": "0002", "total": 60, "reason": "Added up wrongly"}
    ask(marks, "POST", f"/api/marks/{sheet}/clerical-errors", ALLOCATED, error)
    at = f"/api/marks/{sheet}/amendment-requests"
    swapped = {"candidate_no": "0003", "tasks": [70], "reason": "Swapped"}
    request = ask(marks, "POST", at, admin, swapped)
    decision = {"decision": "accepted", "comment": ""}
    ask(marks, "PATCH", f"{at}/{request['id']}", BOARD, decision)
    system.tell()
    at = f"/api/sampling/{sheet}/sample"
    if unsampled := _unsampled(ask(sampling, "GET", at, admin)):
        added = {"candidate_nos": unsampled[:1], "note": "Lost"}
        ask(sampling, "POST", f"{at}/additions", admin, added)
        due = (clock.today() + timedelta(days=28)).isoformat()
        further = {"candidate_nos": unsampled[1:2], "note": "More", "due": due}
        ask(sampling, "POST", f"{at}/further-requests", BOARD, further)
    system.tell()


def _unsampled(sample: Any) -> list[str]:
    there = {one["candidate_no"] for one in sample["candidates"]}
    return [no for number in range(1, int(max(there))) if (no := f"{number:04}") not in there]


def ask(service: ServiceUnderTest, method: str, path: str, who: Principal, body: Any = None) -> Any:
    """The JSON of an answer that has to be a good one."""
    answer = service.call(method, path, who, **({"json": body} if body else {}))
    assert answer.status_code < HTTPStatus.BAD_REQUEST, answer.text
    return answer.json
