"""A thing of another centre, named in the path of one's own: there is no such thing."""

import re
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from services.identity.commands.accounts import NewUser, Place, add_user
from services.identity.models import Family
from services.reports.models import Bundle, ModeratorReport, ReportFile
from services.uploads.models import EvidenceFile, Transfer
from shared import clock
from shared.files import store
from shared.web.routes import Route
from tests.support.memory_storage import MemoryStorage
from tests.support.service import ServiceUnderTest
from tests.unit.access.test_every_route import ROUTES, expected_of, named
from tests.unit.access.world import FOREIGN, OWN, PEOPLE, World

PARTS = re.compile(r"<(\w+)>")
# Parts that name no thing of a centre: the sheet itself, numbers that every centre has, and what
# only the board can name.
NOBODYS = {
    "centre_no",
    "paper_id",
    "candidate_no",
    "allocation_id",
    "client_id",
    "draft_id",
    "request_id",
    "number",
}


def _user(session: Session, _world: World) -> str:
    new = NewUser(
        kind="centre",
        email="carys@hill.example",
        first_name="Carys",
        last_name="Griffiths",
        password="a password nobody types",
        places=(Place(FOREIGN, "admin"),),
    )
    return add_user(session, new).id


def _file(session: Session, world: World) -> str:
    file = EvidenceFile(
        id="foreign-file",
        centre_no=FOREIGN,
        paper_id=world.papers.submitted,
        candidate_no="0001",
        name="work.pdf",
        size=1,
        content_type="application/pdf",
        sha256="0" * 64,
        object_key="k",
        uploaded_at=clock.now(),
        uploaded_by="Carys",
        status="accepted",
        status_at=clock.now(),
        uploaded_by_id="u",
    )
    session.add(file)
    return file.id


def _report_file(session: Session, world: World) -> str:
    """One with a report that is there for everybody of the other centre."""
    sheet = {"centre_no": FOREIGN, "paper_id": world.papers.submitted}
    by = {"written_by": "M", "written_by_id": "m", "written_at": clock.now()}
    said = dict.fromkeys(("tasks", "accuracy", "administration"), "Good")
    session.add(ModeratorReport(**sheet, **said, **by, outcome="accepted", version=1))
    session.flush()
    file = ReportFile(
        **sheet,
        id="foreign-report-file",
        name="scheme.pdf",
        size=1,
        sha256="0" * 64,
        media_type="application/pdf",
        object_key="k",
        added_at=clock.now(),
        added_by="M",
        added_by_id="m",
    )
    session.add(file)
    return file.id


def _session(session: Session, world: World) -> str:
    family = Family(
        id="foreign-session",
        user_id=_user(session, world),
        address="192.0.2.7",
        started_at=clock.now(),
        authenticated_at=clock.now(),
        seen_at=clock.now(),
    )
    session.add(family)
    return family.id


def _transfer(session: Session, world: World) -> str:
    transfer = Transfer(
        id="foreign-upload",
        centre_no=FOREIGN,
        paper_id=world.papers.submitted,
        candidate_no="0001",
        name="work.pdf",
        size=1,
        content_type="application/pdf",
        object_key="k",
        store_id="s",
        begun_at=clock.now(),
        begun_by_id="u",
    )
    session.add(transfer)
    return transfer.id


def _bundle(session: Session, _world: World) -> str:
    bundle = Bundle(
        id="foreign-bundle",
        asked_by="u",
        centre_no=FOREIGN,
        format="zip",
        language="en",
        claims=PEOPLE["board"].to_claims(),
        papers=[],
        asked_at=clock.now(),
        held_until=clock.now(),
        ready_at=clock.now(),
    )
    session.add(bundle)
    return bundle.id


# How a thing of the other centre is made, by the part of a path that names it, of files by service.
MAKE = {
    "uploads file_id": _file,
    "reports file_id": _report_file,
    "user_id": _user,
    "session_id": _session,
    "upload_id": _transfer,
    "bundle_id": _bundle,
}


def _inner(route: Route) -> set[str]:
    return set(PARTS.findall(route.path)) - NOBODYS


INSIDE = [(name, route) for name, route in ROUTES if _inner(route)]


@pytest.mark.parametrize(("name", "route"), INSIDE, ids=named)
def test_anothers_thing_is_not_there(
    name: str, route: Route, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = MemoryStorage()
    monkeypatch.setattr(store, "bucket", lambda: memory)
    (part,) = _inner(route)
    make = MAKE.get(part) or MAKE.get(f"{name} {part}")
    assert make, f"<{part}> of {route.path} needs a line in {__name__}"
    with world.open(name, tmp_path) as service:
        with service.transaction() as session:
            thing = make(session, world)
        asked = _ask(service, name, route, {part: thing} | _sheet(world))
    assert asked == dict.fromkeys(asked, 404)
    assert asked


def _sheet(world: World) -> dict[str, str]:
    return {
        "centre_no": OWN,
        "paper_id": world.papers.submitted,
        "candidate_no": "0001",
        "number": "1",
    }


def _ask(
    service: ServiceUnderTest, name: str, route: Route, parts: dict[str, str]
) -> dict[str, int]:
    """What everybody is answered whom the route lets in."""
    path = PARTS.sub(lambda found: parts[found[1]], route.path)
    body: dict[str, object] = {"json": {}} if route.body else {}
    admitted = expected_of(name, route).admitted & set(PEOPLE)
    return {
        kind: service.call(route.method, path, PEOPLE[kind], **body).status_code
        for kind in sorted(admitted)
    }
