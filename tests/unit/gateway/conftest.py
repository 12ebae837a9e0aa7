"""The gateway's app on a fresh database, and the fake services it talks to."""

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import enumerate as enumerate_threads
from typing import Any

import pytest
from flask import Flask

from services.gateway.app import SERVICE
from services.gateway.live import hub, stream
from services.gateway.table import SERVICES
from shared.access.principal import Principal
from shared.settings import settings
from tests.support.databases import Template
from tests.support.gateway import Browser, FakeServices
from tests.support.service import ServiceUnderTest, migrated_database
from tests.support.sheet_answers import (
    SheetAnswers,
    candidate,
    file,
    files,
    sample,
    sampled,
    sheet,
)
from tests.support.waiting import wait_for
from tests.unit.gateway.happenings import Happenings
from tests.unit.gateway.listening import Listening

Point = Callable[[str], None]


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    return migrated_database(SERVICE, tmp_path_factory.mktemp("gateway"))


@pytest.fixture
def point_at(monkeypatch: pytest.MonkeyPatch) -> Iterator[Point]:
    """Tells the gateway where the services are."""

    def point(url: str) -> None:
        for name in SERVICES:
            monkeypatch.setenv(f"IAMIS_URL_{name.upper()}", url)
        monkeypatch.setenv("IAMIS_SECRET_KEY", "a secret of the tests, and long enough")
        settings.cache_clear()

    yield point
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def fake(request: pytest.FixtureRequest) -> Iterator[FakeServices]:
    request.getfixturevalue("socket_enabled")
    services = FakeServices()
    yield services
    services.close()


@pytest.fixture
def gateway(
    fake: FakeServices, point_at: Point, template: Template, tmp_path: Path
) -> Iterator[ServiceUnderTest]:
    point_at(fake.url)
    under_test = ServiceUnderTest(SERVICE, template, tmp_path)
    yield under_test
    under_test.close()


@pytest.fixture
def app(gateway: ServiceUnderTest) -> Flask:
    return gateway.app


@pytest.fixture
def browser(app: Flask, fake: FakeServices) -> Browser:
    return Browser(app, fake)


@pytest.fixture
def answers(fake: FakeServices) -> SheetAnswers:
    """What the services say of the paper `p1` of centre 68101."""
    return SheetAnswers(fake)


@pytest.fixture
def two_sampled(answers: SheetAnswers) -> SheetAnswers:
    """1001 and 1002 are in the sample, the first with a file of evidence."""
    answers.sample(sample(sampled("1001"), sampled("1002")))
    answers.sheet(sheet(candidate("1001"), candidate("1002")))
    answers.files(files(c1001=[file("f1")], c1002=[]))
    return answers


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stream that looks and beats more often."""
    monkeypatch.setattr(hub, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(stream, "HEARTBEAT_SECONDS", 0.3)


@pytest.fixture
def happenings(gateway: ServiceUnderTest) -> Happenings:
    return Happenings(gateway)


@pytest.fixture
def listen(gateway: ServiceUnderTest) -> Iterator[Any]:
    """Opens streams of events, and closes them at the end."""
    opened: list[Listening] = []

    def begin(who: Principal, last_seen: int | None = None) -> Listening:
        headers = {} if last_seen is None else {"Last-Event-ID": str(last_seen)}
        opened.append(Listening(gateway.call("GET", "/api/events", who, headers=headers)))
        return opened[-1]

    yield begin
    for listening in opened:
        listening.answer.close()
    wait_for(
        "the reader has ended", lambda: hub.READER not in {t.name for t in enumerate_threads()}
    )
