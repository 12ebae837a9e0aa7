"""The OpenAPI document of a service: what its route table says, and nothing else."""

import json
import re
from typing import Any

import pytest

from shared.web.openapi import KEY, LANGUAGE, document, joined
from shared.web.routes import Routes
from tests.support.service import ServiceUnderTest
from tests.unit.shared.conftest import ROUTES, SHEET


@pytest.fixture
def described(under_test: ServiceUnderTest) -> dict[str, Any]:
    answer = under_test.call("GET", "/api/sample/openapi.json")
    assert answer.status_code == 200
    read: dict[str, Any] = json.loads(answer.data)
    return read


def test_every_route_is_described(described: dict[str, Any]) -> None:
    operations = {
        (method.upper(), path) for path, methods in described["paths"].items() for method in methods
    }
    assert operations == {
        (route.method, re.sub(r"<(\w+)>", r"{\1}", route.path)) for route in ROUTES.table
    }
    ids = [o["operationId"] for methods in described["paths"].values() for o in methods.values()]
    assert len(set(ids)) == len(ids)


def test_an_operation_tells_what_to_bring_and_what_may_come_back(
    described: dict[str, Any],
) -> None:
    save = described["paths"]["/api/sample/centres/{centre_no}/papers/{paper_id}"]["put"]
    *path, language = save["parameters"]
    assert SHEET.count("<") == len(path) == 2
    assert {one["name"] for one in path} == {"centre_no", "paper_id"}
    assert language == LANGUAGE
    assert save["requestBody"]["required"]
    assert set(save["responses"]) >= {"200", "401", "403", "404", "413", "415", "422", "503"}
    assert save["security"] == [{"bearer": []}]
    look = described["paths"]["/api/sample/open"]["get"]
    assert look["security"] == []
    assert look["summary"] == "Anyone may look."
    page, language = look["parameters"]
    assert (page["name"], page["in"], language) == ("page", "query", LANGUAGE)


def test_what_creates_takes_a_key_and_tells_what_may_come_of_it(described: dict[str, Any]) -> None:
    paths = described["paths"]
    for name in ("changes", "streams"):
        create = paths[f"/api/sample/{name}"]["post"]
        assert create["parameters"] == [LANGUAGE, KEY]
        assert set(create["responses"]) >= {"409", "422"}
    assert KEY not in paths["/api/sample/files"]["post"]["parameters"]


def test_what_many_take_is_described_once(described: dict[str, Any]) -> None:
    told = described["components"]["parameters"]
    assert {name: (one["name"], one["in"], one["schema"]) for name, one in told.items()} == {
        "Language": ("lang", "query", {"type": "string", "enum": ["cy", "en"]}),
        "IdempotencyKey": ("Idempotency-Key", "header", {"type": "string", "maxLength": 255}),
    }


def references(part: object) -> set[str]:
    if isinstance(part, dict):
        own = {part["$ref"]} if isinstance(part.get("$ref"), str) else set()
        return own.union(*(references(value) for value in part.values()))
    if isinstance(part, list):
        return set[str]().union(*(references(value) for value in part))
    return set()


def test_every_reference_leads_somewhere(described: dict[str, Any]) -> None:
    known = {
        f"#/components/{kind}/{name}"
        for kind, named in described["components"].items()
        for name in named
    }
    found = references(described)
    assert found
    assert found <= known


def test_documents_are_joined(described: dict[str, Any]) -> None:
    whole = joined([described, document(Routes("other"))])
    assert whole["paths"] == described["paths"]
    assert set(described["components"]["schemas"]) <= set(whole["components"]["schemas"])
    assert whole["info"]["title"] == "IAMIS"
