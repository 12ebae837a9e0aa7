"""Every route names its access rule: what nobody declared is not served."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from services.gateway.page import Page
from services.gateway.pages import PAGES
from shared.access.rules import ANYONE, Rule
from shared.db import Database
from shared.service import load_service, service_names
from shared.settings import settings
from shared.web.app import create_app
from shared.web.routes import Routes

# What is reached without an account, of every service and of some: anything else that is open is a
# mistake. The pages for anyone are named in tests/unit/gateway/test_pages.py.
STANDARD = {"GET /livez", "GET /readyz", "GET /metrics"}
OPEN = {
    "identity": {
        "GET /api/identity/.well-known/jwks.json",
        "POST /api/identity/password/forgotten",
        "POST /api/identity/password/reset",
        "POST /api/identity/sign-in",
        "POST /api/identity/sign-in/password",
        "POST /api/identity/sign-in/recovery",
        "POST /api/identity/sign-in/totp",
        "POST /api/identity/sign-out",
        "POST /api/identity/token",
        "POST /api/identity/token/refresh",
    },
    "gateway": {
        "DELETE GET PATCH POST PUT /api/<rest:rest>",
        "GET /api/openapi.json",
        "GET /favicon.ico",
        "GET /session",
        "GET /static/<path:path>",
        "POST /troubles/policy",
        "POST /troubles/script",
    },
}
IMPLIED = {"HEAD", "OPTIONS"}


def served(name: str, database: Database) -> Flask:
    """The application of a service, with all that it adds."""
    service = load_service(name)
    app = create_app(service.routes, database, public=service.public)
    service.extend(app)
    return app


def opened(app: Flask) -> set[str]:
    """What is open to anyone and no page: `GET /livez`."""
    views = ((rule, app.view_functions[rule.endpoint]) for rule in app.url_map.iter_rules())
    return {
        f"{' '.join(sorted((rule.methods or set()) - IMPLIED))} {rule}"
        for rule, view in views
        if not isinstance(view, Page) and getattr(view, "access_rule", ANYONE).anonymous
    }


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
    assert without_rule(served(name, database)) == []


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
def test_open_routes_of_a_service_are_few_and_named(name: str, database: Database) -> None:
    document = f"GET /api/{name}/openapi.json"
    assert opened(served(name, database)) == STANDARD | {document} | OPEN.get(name, set())


def test_pages_of_the_board_are_for_its_staff() -> None:
    below = [page for page in PAGES if f"{page.path}/".startswith("/board/")]
    assert [page.path for page in below if page.access != "board"] == []
