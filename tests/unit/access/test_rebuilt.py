"""The read model of reports, forgotten and told anew, is what it was before."""

import io
from pathlib import Path
from typing import Any

import pytest

from services.reports.commands.rebuilding import forget_all
from services.reports.commands.verifying import take_in
from services.reports.handlers import HANDLERS
from shared.files import store
from shared.service import load_service
from tests.support.memory_storage import MemoryStorage
from tests.support.tables import digests
from tests.unit.access.twins import Twins, live_through, twins
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
