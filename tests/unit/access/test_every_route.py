"""Every route, asked by every kind of account, about things of its own and of others.

The routes are those of the services, on their real access rules; only their views are replaced by
one that says "in", so that an answer of 404 comes from the rule and from nothing behind it.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from shared.db import Database
from shared.service import load_service
from shared.web.app import create_app
from shared.web.routes import Call, Json, Route, Routes
from tests.support.service import ServiceUnderTest, token_for
from tests.unit.access.expectations import EXPECTED, Answers, Expected, key_of
from tests.unit.access.world import FOREIGN, KINDS, OWN, PEOPLE, World, services

PART = re.compile(r"<\w+>")
ROUTES = [(service.name, route) for service in services() for route in service.routes.table]
OF_SHEET = [(name, route) for name, route in ROUTES if "<paper_id>" in route.path]
Named = tuple[str, Route]


def named(found: object) -> str:
    return f"{found.method} {found.path}" if isinstance(found, Route) else str(found)


def _in(_call: Call, **_path: str) -> Json:
    return {"in": True}


def _door(route: Route) -> Route:
    return replace(
        route, view=_in, body=None, query=None, raw=None, streams=False, status=200, returns=None
    )


def doors(name: str, database: Database) -> Flask:
    """The service with nothing behind its access rules."""
    routes = Routes(name)
    routes.table = [_door(route) for route in load_service(name).routes.table]
    return create_app(routes, database)


@pytest.fixture(scope="module")
def opened(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Flask]]:
    kept: list[ServiceUnderTest] = []
    apps: dict[str, Flask] = {}
    for service in services():
        folder = tmp_path_factory.mktemp(service.name)
        kept.append(ServiceUnderTest(service, world.databases[service.name], folder))
        apps[service.name] = doors(service.name, kept[-1].database)
    yield apps
    for under_test in kept:
        under_test.close()


def header(kind: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What somebody of that kind sends to be known by."""
    if kind == "anonymous":
        return {}
    if kind != "expired":
        return {"Authorization": f"Bearer {token_for(PEOPLE[kind])}"}
    with monkeypatch.context() as patch:
        patch.setattr("tests.support.service.TOKEN_SECONDS", -3600)
        return {"Authorization": f"Bearer {token_for(PEOPLE['admin'])}"}


class Asker:
    """Asks one route as everybody, and gives what each was answered."""

    def __init__(self, app: Flask, route: Route, monkeypatch: pytest.MonkeyPatch) -> None:
        self._client = app.test_client()
        self._route = route
        self._headers = {kind: header(kind, monkeypatch) for kind in KINDS}

    def answers(self, centre_no: str, paper_id: str) -> Answers:
        path = self._route.path.replace("<centre_no>", centre_no).replace("<paper_id>", paper_id)
        path = PART.sub("some-thing", path.replace("<candidate_no>", "0001"))
        return {kind: self._ask(path, sent) for kind, sent in self._headers.items()}

    def _ask(self, path: str, headers: dict[str, str]) -> int:
        answer = self._client.open(path, method=self._route.method, headers=headers)
        return answer.status_code


def expected_of(name: str, route: Route) -> Expected:
    found = EXPECTED[name].get(key_of(route))
    assert found, f"{key_of(route)!r} of {name} needs a line in tests/unit/access/expectations.py"
    expected = found.of(route.method)
    return expected.of_candidate() if "<candidate_no>" in route.path else expected


@pytest.mark.parametrize(("name", "route"), ROUTES, ids=named)
def test_own_and_foreign_things(
    name: str,
    route: Route,
    opened: dict[str, Flask],
    world: World,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    expected, asker = expected_of(name, route), Asker(opened[name], route, monkeypatch)
    assert asker.answers(OWN, world.papers.submitted) == expected.own()
    if "<centre_no>" in route.path:
        assert asker.answers(FOREIGN, world.papers.submitted) == expected.foreign()


@pytest.mark.parametrize(
    ("name", "route"), [found for found in OF_SHEET if "<centre_no>" in found[1].path], ids=named
)
def test_a_paper_that_is_not_submitted(
    name: str,
    route: Route,
    opened: dict[str, Flask],
    world: World,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    expected, asker = expected_of(name, route), Asker(opened[name], route, monkeypatch)
    assert asker.answers(OWN, world.papers.open) == expected.before()
