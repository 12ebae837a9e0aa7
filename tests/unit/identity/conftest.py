"""The identity service with a few accounts, cheap password hashes and a clock to move."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from services.identity.app import SERVICE
from services.identity.commands import keys, passwords
from services.identity.commands.accounts import add_centre
from shared import clock
from shared.settings import Settings, settings
from tests.support.databases import Template
from tests.support.service import ServiceUnderTest, migrated_database
from tests.unit.identity.people import Portal

NOON = datetime(2031, 5, 1, 12, 0, 5, tzinfo=UTC)
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    return migrated_database(SERVICE, tmp_path_factory.mktemp("identity"))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Settings of a home of its own, behind a proxy on this machine."""
    loaded = Settings.load({"IAMIS_HOME": str(tmp_path), "IAMIS_TRUSTED_PROXIES": "127.0.0.0/8"})
    monkeypatch.setattr(keys, "settings", lambda: loaded)
    monkeypatch.setattr("shared.web.client_address.settings", lambda: loaded)
    monkeypatch.setenv("IAMIS_SECRET_KEY", "a secret of the tests, and long enough")
    settings.cache_clear()
    yield tmp_path
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def portal(template: Template, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Portal]:
    monkeypatch.setattr(passwords, "HASHER", CHEAP)
    service = ServiceUnderTest(SERVICE, template, home)
    keys.prepare(service.database)
    with service.transaction() as session:
        add_centre(session, "68101", "Ysgol y Bryn")
        add_centre(session, "68102", "Hill School")
    yield Portal(service)
    service.close()


@pytest.fixture(autouse=True)
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """The clock stands still, five seconds into a code; `later(minutes=5)` moves it on."""
    moved = [timedelta()]
    monkeypatch.setattr(clock, "now", lambda: NOON + moved[0])

    def move(**step: float) -> None:
        moved[0] += timedelta(**step)

    return move
