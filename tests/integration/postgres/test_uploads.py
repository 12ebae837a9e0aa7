"""Uploads at once with one another, and with the events of many sheets."""

import dataclasses
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from services.uploads.commands.quota import one_at_a_time
from services.uploads.domain.rules import Place
from services.uploads.models import Sheet, Transfer
from services.uploads.queries import quota
from shared import clock
from shared.files import store
from shared.settings import Settings, settings
from tests.integration.postgres.conftest import Start
from tests.support.locked import somebody_waits
from tests.support.memory_storage import MemoryStorage
from tests.support.service import ServiceUnderTest
from tests.support.together import PATIENCE_SECONDS
from tests.support.waiting import wait_for
from tests.unit.uploads.builders import CENTRE, IN_TIME, candidate_files, sampled_sheet, send
from tests.unit.uploads.sending import begin

OTHER_PAPER = "p-2"
ALLOWED = 100


@pytest.fixture
def service(start: Start, monkeypatch: pytest.MonkeyPatch) -> ServiceUnderTest:
    """Two sheets of a centre and series, and a quota."""
    storage = MemoryStorage()
    evidence = dataclasses.replace(settings().evidence, quota_bytes=ALLOWED)
    limited: Settings = dataclasses.replace(settings(), evidence=evidence)
    monkeypatch.setattr(store, "bucket", lambda: storage)
    monkeypatch.setattr(clock, "now", lambda: IN_TIME)
    monkeypatch.setattr(quota, "settings", lambda: limited)
    started = start("uploads")
    for paper_id in ("p-1", OTHER_PAPER):
        sampled_sheet(started, paper_id=paper_id)
    return started


def in_one_piece(service: ServiceUnderTest) -> TestResponse:
    return send(service, candidate_files(), b"x" * 60)


def in_parts(service: ServiceUnderTest) -> TestResponse:
    return begin(service, size=60)


@pytest.mark.parametrize("way", [in_one_piece, in_parts])
def test_an_upload_waits_for_no_event_of_another_sheet(
    service: ServiceUnderTest, way: Callable[[ServiceUnderTest], TestResponse]
) -> None:
    """Else each could wait for the other: events come in an order of their own."""
    with service.transaction() as session:
        other = select(Sheet).where(Sheet.paper_id == OTHER_PAPER)
        session.scalars(other.with_for_update()).one()
        assert way(service).status_code == 201


@pytest.mark.parametrize("way", [in_one_piece, in_parts])
def test_what_is_kept_at_once_of_another_sheet_counts(
    service: ServiceUnderTest, way: Callable[[ServiceUnderTest], TestResponse]
) -> None:
    """There is room for the second when it comes; it waits for the first, and there is none."""
    with ThreadPoolExecutor(1) as pool:
        with service.transaction() as session:
            one_at_a_time(session, Place(CENTRE, OTHER_PAPER, None))
            answer = pool.submit(way, service)
            wait_for("it waits", lambda: somebody_waits(service.database), PATIENCE_SECONDS)
            session.add(of_another_sheet())
        assert answer.result(PATIENCE_SECONDS).status_code == 409


def of_another_sheet() -> Transfer:
    return Transfer(
        id="another",
        centre_no=CENTRE,
        paper_id=OTHER_PAPER,
        about={},
        name="work.pdf",
        size=60,
        content_type="application/pdf",
        object_key="another",
        store_id="another",
        begun_at=IN_TIME,
        begun_by_id="somebody",
    )
