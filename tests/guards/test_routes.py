"""Every route names its access rule: what nobody declared is not served."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from shared.access.rules import ANYONE, Rule
from shared.db import Database
from shared.service import load_service, service_names
from shared.settings import settings
from shared.web.app import create_app
from shared.web.routes import Routes

# What people reach without an account, by service: anything else that is open is a mistake.
STANDARD = {"/livez", "/readyz", "/metrics"}


def without_rule(app: Flask) -> list[str]:
    """The rules of the URL map whose view declares no access rule."""
    return [
        str(rule)
        for rule in app.url_map.iter_rules()
        if not isinstance(getattr(app.view_functions[rule.endpoint], "access_rule", None), Rule)
    ]


@pytest.fixture(autouse=True)
def _secret(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What the gateway asks for when it starts."""
    monkeypatch.setenv("IAMIS_SECRET_KEY", "a secret of the tests, and long enough")
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'guard.sqlite'}")
    yield database
    database.close()


@pytest.mark.parametrize("name", service_names())
def test_every_route_has_an_access_rule(name: str, database: Database) -> None:
    service = load_service(name)
    app = create_app(service.routes, database, public=service.public)
    service.extend(app)
    assert without_rule(app) == []


def test_a_route_without_a_rule_is_found_and_not_served(database: Database) -> None:
    app = create_app(Routes("planted"), database)
    app.add_url_rule("/planted", view_func=lambda: "open to all")
    assert without_rule(app) == ["/planted"]
    assert app.test_client().get("/planted").status_code == 404


@pytest.mark.parametrize("name", service_names())
def test_what_a_view_that_creates_reads_itself_is_compared_when_it_comes_again(name: str) -> None:
    unseen = [
        route.path
        for route in load_service(name).routes.table
        if route.streams and route.takes_key and not (route.body or route.raw or route.is_same)
    ]
    assert unseen == []


@pytest.mark.parametrize("name", service_names())
def test_open_routes_of_a_service_are_few_and_named(name: str) -> None:
    service = load_service(name)
    opened = {route.path for route in service.routes.table if route.access is ANYONE}
    assert all(path.startswith("/api/identity/") for path in opened)
