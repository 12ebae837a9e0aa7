"""Two systems that differ in one thing: in one a moderation was approved and a report written.

Whoever is answered the same by both has been told nothing of either.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from services.gateway.app import SERVICE as GATEWAY
from services.gateway.live.keeping import release
from services.identity.models import Membership
from services.reports.commands.releases import announce_due
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
    pair = [_opened(world, folder / name) for name in ("silent", "decided")]
    try:
        _decide(pair[1], world.papers.submitted)
        silent, decided = pair
        yield Twins(silent, decided, decided.tell())
    finally:
        for system in pair:
            for service in system.services.values():
                service.close()


def _opened(world: World, folder: Path) -> System:
    opened = {}
    for service in map(load_service, service_names()):
        home = folder / service.name
        home.mkdir(parents=True)
        opened[service.name] = ServiceUnderTest(service, _template(world, service, home), home)
    _add_officers(opened["identity"])
    for paper_id in (world.papers.submitted, world.papers.open):
        opened["gateway"].allocate(OWN, paper_id, ALLOCATED)
    system = System(opened)
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
    for service, method, path, who, body, status in (
        (sampling, "PATCH", f"{at}/marks", ALLOCATED, {"candidates": rows}, 200),
        (sampling, "POST", f"{at}/completion", ALLOCATED, {"outcome": "adjusted"}, 201),
        (sampling, "POST", f"{at}/decision", BOARD, {"decision": "approved"}, 201),
        (system.services["reports"], "PUT", f"/api/reports/{sheet}/moderator-report", ALLOCATED,
         report, 201),
    ):  # fmt: skip
        answer = service.call(method, path, who, json=body)
        assert answer.status_code == status, answer.text
