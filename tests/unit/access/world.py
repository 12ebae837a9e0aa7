"""Every service with the same two centres in it, and one person of each kind who may ask.

What the services know of each other they were told by the events that marks and sampling emitted.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from services.identity.commands import keys
from services.identity.commands.accounts import add_centre
from services.identity.domain.scopes import SCOPES
from services.identity.models import User
from shared import clock
from shared.access.principal import Membership, Principal
from shared.events.envelope import Envelope
from shared.service import Service, load_service, service_names
from tests.support.api import entries, paper
from tests.support.databases import SqliteTemplate
from tests.support.service import (
    BOARD,
    ServiceUnderTest,
    admin_of,
    know_key,
    principal,
    teacher_of,
)
from tests.support.sheet import DECLARED

OWN, FOREIGN = "68101", "68102"
CENTRES = {OWN: "Ysgol y Bryn", FOREIGN: "Hill School"}
CANDIDATES = range(1, 4)
ALLOCATED = principal("appointee", user_id="allocated")
UNALLOCATED = principal("appointee", user_id="unallocated")
NOBODY = ("anonymous", "expired")


def _tool(name: str, *centres: str) -> Principal:
    account = principal("service", user_id=name)
    return replace(account, scopes=frozenset(SCOPES), only_centres=frozenset(centres))


def _of_set(name: str, teaching_set: str) -> Principal:
    """A teacher of one set; the candidates of this world are in 10A."""
    member = Membership("user", iamis=True, teaching_sets=frozenset({teaching_set}))
    return principal("centre", user_id=name, centres={OWN: member})


PEOPLE: Mapping[str, Principal] = {
    "other admin": admin_of(FOREIGN),
    "no iamis": principal(
        "centre", user_id="no-iamis", centres={OWN: Membership("user", iamis=False)}
    ),
    "teacher": teacher_of(OWN),
    "admin": admin_of(OWN),
    "both": principal(
        "centre", user_id="both", centres={no: Membership("user", iamis=True) for no in CENTRES}
    ),
    "unallocated": UNALLOCATED,
    "allocated": ALLOCATED,
    "board": BOARD,
    "looking": replace(admin_of(OWN), user_id="looking", only_looks=True),
    "restricted": principal(
        "centre",
        user_id="restricted",
        centres={OWN: Membership("user", iamis=True, papers=frozenset({"another-paper"}))},
    ),
    "of a set": _of_set("of-a-set", "10A"),
    "of another set": _of_set("of-another-set", "10B"),
    "service": principal("service"),
    "tool": _tool("tool"),
    "centre tool": _tool("centre-tool", OWN),
}
KINDS = (*NOBODY, *PEOPLE)


@dataclass(frozen=True)
class Papers:
    """Their ids: one both centres have submitted, and one neither has."""

    submitted: str
    open: str


def services() -> Iterator[Service]:
    """Every service with an interface of its own."""
    for name in service_names():
        service = load_service(name)
        if not service.public:
            yield service


@dataclass(frozen=True)
class World:
    """The seeded databases of the services, to be copied, and what is in them."""

    databases: Mapping[str, SqliteTemplate]
    papers: Papers

    @contextmanager
    def open(self, name: str, folder: Path) -> Iterator[ServiceUnderTest]:
        """One service on a copy of its database."""
        under_test = ServiceUnderTest(load_service(name), self.databases[name], folder)
        yield under_test
        under_test.close()


def make_world(folder: Path, numbers: Sequence[int] = CANDIDATES) -> World:
    started = {service.name: _start(service, folder) for service in services()}
    _fill_identity(started["identity"])
    papers = _fill_marks(started["marks"], numbers)
    for event in started["marks"].emitted():
        _tell(started, event)
    for name in ("sampling", "uploads"):
        for event in started[name].emitted():
            _tell(started, event)
    for name, service in started.items():
        if name != "marks":
            service.allocate(OWN, papers.submitted, ALLOCATED)
            service.allocate(OWN, papers.open, ALLOCATED)
    return World({name: _close(service) for name, service in started.items()}, papers)


def _start(service: Service, folder: Path) -> ServiceUnderTest:
    home = folder / service.name
    home.mkdir()
    return ServiceUnderTest(service, SqliteTemplate.made(service, folder, know_key), home)


def _close(service: ServiceUnderTest) -> SqliteTemplate:
    path = Path(str(service.database.engine.url.database))
    with service.database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    service.close()
    return SqliteTemplate(path)


def _fill_identity(identity: ServiceUnderTest) -> None:
    with identity.transaction() as session:
        keys.rotate(session, ahead=timedelta())
        for centre_no, centre_name in CENTRES.items():
            add_centre(session, centre_no, centre_name)
        for kind, who in PEOPLE.items():
            if who.kind != "service":
                session.add(_account(who, kind.replace(" ", ".")))


def _account(who: Principal, name: str) -> User:
    return User(
        id=who.user_id,
        kind=who.kind,
        email=f"{name}@example.org",
        email_key=f"{name}@example.org",
        first_name="Ann",
        last_name=name,
        search_key=name,
        language="en",
        address="",
        password_hash="of nothing",
        must_change_password=False,
        totp_secret=None,
        status="active",
        created_at=clock.now(),
    )


def _fill_marks(marks: ServiceUnderTest, numbers: Sequence[int]) -> Papers:
    """Two papers with candidates of both centres; the first is marked and submitted."""
    papers = Papers(_paper(marks, "3100U4"), _paper(marks, "3100U5"))
    for code in ("3100U4", "3100U5"):
        for centre_no in CENTRES:
            file = entries(code, centre_no, numbers)
            loaded = marks.call(
                "POST",
                "/api/marks/imports/entries",
                BOARD,
                data=file,
                headers={"Content-Type": "text/csv"},
            )
            assert loaded.status_code == 200, loaded.text
    for centre_no in CENTRES:
        _submit(marks, centre_no, papers.submitted, numbers)
    for paper_id in (papers.submitted, papers.open):
        marks.allocate(OWN, paper_id, ALLOCATED)
    return papers


def _paper(marks: ServiceUnderTest, code: str) -> str:
    made = marks.call("POST", "/api/marks/papers", BOARD, json=paper(code))
    assert made.status_code == 201, made.text
    return str(made.json["id"])  # type: ignore[index]


def _submit(marks: ServiceUnderTest, centre_no: str, paper_id: str, numbers: Sequence[int]) -> None:
    sheet, admin = f"/api/marks/centres/{centre_no}/papers/{paper_id}", admin_of(centre_no)
    for number in numbers:
        path = f"{sheet}/candidates/{number:04d}"
        saved = marks.call("PUT", path, admin, json={"tasks": [(50 + number) % 101]})
        assert saved.status_code == 200, saved.text
    receipt = marks.call("POST", f"{sheet}/submission", admin, json={"declarations": DECLARED})
    assert receipt.status_code == 201, receipt.text


def _tell(started: Mapping[str, ServiceUnderTest], event: Envelope) -> None:
    """Deliver an event to every service that handles its type."""
    for service in started.values():
        if event.key in service.handled:
            service.deliver(
                event.key,
                event.subject,
                event.data,
                sequence=event.sequence,
                event_id=event.id,
            )
