"""Whatever is sent, by whomever: no answer of 5xx, and none that the OpenAPI document lacks.

Every request that schemathesis makes up from the document, right or wrong, is sent by everybody.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import schemathesis
from argon2 import PasswordHasher
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from services.identity.commands import allocations, passwords
from services.uploads.commands import admission
from shared.files import store
from shared.web.openapi import document
from tests.support.memory_storage import MemoryStorage
from tests.support.service import ServiceUnderTest, token_for
from tests.unit.access.world import CENTRES, PEOPLE, World, services

CHECKED = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
SHORT, LONG = 4, 12
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
OPERATIONS = [
    pytest.param((service.name, path, method), id=f"{method.upper()} {path}")
    for service in services()
    for path, methods in document(service.routes)["paths"].items()
    for method in methods
]
AnyCase = Case[Any]
SENDERS = ("anonymous", *PEOPLE)


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cheap hashes, a store in memory, and no time for events that nobody sends."""
    memory = MemoryStorage()
    monkeypatch.setattr(passwords, "HASHER", CHEAP)
    monkeypatch.setattr(allocations, "PAPER_WAIT_SECONDS", 0.0)
    monkeypatch.setattr(admission, "NEWS_SECONDS", {})
    monkeypatch.setattr(store, "bucket", lambda: memory)


@dataclass(frozen=True)
class Target:
    """One operation of a service, and the things there are to be named in its path."""

    service: ServiceUnderTest
    operation: APIOperation[Any, Any, Any, Any]
    known: dict[str, list[str]]

    def cases(self) -> st.SearchStrategy[AnyCase]:
        """Requests by the schema and against it, two of three for things that are there."""
        modes = [GenerationMode.POSITIVE]
        if self.operation.body or self.operation.query:
            modes.append(GenerationMode.NEGATIVE)
        made = st.one_of([self.operation.as_strategy(mode) for mode in modes])
        return st.tuples(made, self._named(), st.sampled_from((True, True, False))).map(self._place)

    def _named(self) -> st.SearchStrategy[dict[str, str]]:
        names = [parameter.name for parameter in self.operation.path_parameters]
        there = {name: st.sampled_from(self.known.get(name, ["0001"])) for name in names}
        return st.fixed_dictionaries(there)

    @staticmethod
    def _place(drawn: tuple[AnyCase, dict[str, str], bool]) -> AnyCase:
        case, named, there = drawn
        if there:
            case.path_parameters = named
        return case

    def send(self, case: AnyCase, kind: str) -> None:
        """Send it as somebody, and hold the answer against the document."""
        headers = {} if kind == "anonymous" else _bearer(kind)
        case.call_and_validate(headers=headers, checks=CHECKED)


def _bearer(kind: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token_for(PEOPLE[kind])}"}


@pytest.fixture
def target(
    request: pytest.FixtureRequest, world: World, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Target]:
    name, path, method = request.param
    with world.open(name, tmp_path_factory.mktemp("fuzzed")) as service:
        schema = schemathesis.openapi.from_wsgi(f"/api/{name}/openapi.json", service.app)
        known = {
            "centre_no": list(CENTRES),
            "paper_id": [world.papers.submitted, world.papers.open],
        }
        yield Target(service, schema[path][method], known)


def _run(target: Target, examples: int) -> None:
    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(target.cases())
    def everybody_sends(case: AnyCase) -> None:
        for kind in SENDERS:
            target.send(case, kind)

    everybody_sends()


@pytest.mark.parametrize("target", OPERATIONS, indirect=True)
def test_answers_are_declared(target: Target) -> None:
    _run(target, SHORT)


@pytest.mark.long
@pytest.mark.parametrize("target", OPERATIONS, indirect=True)
def test_many_answers_are_declared(target: Target) -> None:
    _run(target, LONG)
