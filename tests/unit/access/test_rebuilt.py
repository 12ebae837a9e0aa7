"""The read model of reports, forgotten and told anew, is what it was before."""

import io
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from services.reports import cli
from services.reports.commands.rebuilding import forget_all
from services.reports.commands.verifying import take_in
from services.reports.handlers import HANDLERS
from shared.bus import EVENTS, Binding
from shared.bus.embedded import EmbeddedBus
from shared.events.envelope import Envelope
from shared.files import store
from shared.service import load_service, queue_of
from shared.settings import settings
from tests.support.memory_storage import MemoryStorage
from tests.support.tables import digests
from tests.unit.access.twins import Twins, live_through, opened, twins
from tests.unit.access.world import OWN, PEOPLE, World


def upload_and_delete(pair: Twins, paper_id: str) -> None:
    """Two files of a candidate, of which one is deleted."""
    uploads = pair.decided.services["uploads"]
    at = f"/api/uploads/centres/{OWN}/papers/{paper_id}/candidates/0001/files"
    files = []
    for content in (b"one", b"two"):
        sent: Any = {"file": (io.BytesIO(content), "work.txt", "text/plain")}
        files.append(uploads.call("POST", at, PEOPLE["admin"], data=sent).json or {})
    gone = uploads.call("DELETE", f"{at}/{files[1]['id']}", PEOPLE["admin"])
    assert gone.status_code == 204
    pair.decided.tell()


def test_a_rebuilt_read_model_is_the_live_one(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = MemoryStorage()
    monkeypatch.setattr(store, "bucket", lambda: storage)
    with twins(world, tmp_path) as pair:
        live_through(pair.decided, world.papers.submitted)
        upload_and_delete(pair, world.papers.submitted)
        reports = pair.decided.services["reports"]
        live = digests(reports.database)
        assert all(live[name][0] for name in ("candidates", "evidence_files", "lacks"))
        with reports.transaction() as session:
            forget_all(session)
        assert not any(count for count, _content in digests(reports.database).values())
        for name in ("marks", "sampling", "uploads"):
            source = pair.decided.services[name].database
            take_in(HANDLERS, load_service(name).present, source, reports.database, int)
        assert digests(reports.database) == live


@pytest.fixture
def told_reports(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], list[str]]]:
    """A home whose databases are the world's; gives the types of what waits for reports."""
    system = opened(world, tmp_path)
    for name, service in system.services.items():
        url = service.database.engine.url.render_as_string(hide_password=False)
        monkeypatch.setenv(f"IAMIS_DATABASE_URL_{name.upper()}", url)
    monkeypatch.setenv("IAMIS_HOME", str(tmp_path))
    settings.cache_clear()
    queue, file = queue_of("reports"), settings().bus_file
    with closing(EmbeddedBus(file)) as bus:
        bus.declare(queue, [Binding(EVENTS, "#")])

    def waiting() -> list[str]:
        with closing(sqlite3.connect(file)) as kept:
            asked = "SELECT body FROM messages WHERE queue = ? ORDER BY position"
            return [Envelope.from_json(body).key for (body,) in kept.execute(asked, (queue,))]

    yield waiting
    system.close()
    monkeypatch.undo()
    settings.cache_clear()


def test_papers_are_told_last(told_reports: Callable[[], list[str]]) -> None:
    """Without them nobody is reminded of what is still to be told."""
    done = CliRunner().invoke(cli.rebuild, ["--yes"], catch_exceptions=False)
    assert done.exit_code == 0
    told = told_reports()
    before = told[: told.index("paper.changed.v1")]
    assert {"entries.changed.v1", "marks.submitted.v1", "sample.generated.v1"} <= set(before)
    assert set(told[len(before) :]) == {"paper.changed.v1"}
