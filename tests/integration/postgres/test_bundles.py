"""A bundle of reports that is forgotten while a worker adds to it."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import event, func, select

from services.reports.commands import bundles
from services.reports.domain.report import Report
from services.reports.models import BundlePart
from services.reports.queries.bundles import KEPT
from shared import clock
from tests.integration.postgres.conftest import Start
from tests.support.service import ServiceUnderTest, admin_of
from tests.support.together import PATIENCE_SECONDS

CENTRE = "68101"


def test_what_is_added_while_a_bundle_is_forgotten_goes_with_it(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = start("reports")
    with service.transaction() as session:
        bundles.ask(session, admin_of(CENTRE), CENTRE, "pdf")
    drawing, may_end = threading.Event(), threading.Event()

    def slowly(_centre_no: str, _reports: Sequence[Report]) -> bytes:
        drawing.set()
        assert may_end.wait(PATIENCE_SECONDS)
        return b"%PDF"

    with ThreadPoolExecutor() as pool:
        worker = pool.submit(_make, service, slowly)
        assert drawing.wait(PATIENCE_SECONDS)

        def end_first(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
            if statement.startswith("DELETE FROM bundles "):
                may_end.set()
                assert worker.result(PATIENCE_SECONDS)

        event.listen(service.database.engine, "before_cursor_execute", end_first)
        _let_the_hour_be_over_here(monkeypatch)
        assert not _make(service, slowly)
    assert may_end.is_set()
    with service.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(BundlePart)) == 0


def _make(service: ServiceUnderTest, everything: Any) -> bool:
    drawing = bundles.Drawing(lambda _one: b"", lambda *_of: "", everything)
    return bundles.make_next(drawing, service.database, threading.Event())


def _let_the_hour_be_over_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """For this thread alone: the worker's clock is behind."""
    real, here = clock.now, threading.current_thread()
    over = clock.now() + KEPT + bundles.LINGERS
    monkeypatch.setattr(
        clock, "now", lambda: over if threading.current_thread() is here else real()
    )
