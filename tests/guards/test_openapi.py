"""Every service's interface can be described, and all of them in one document."""

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from shared.service import load_service, service_names
from shared.web.openapi import document, joined


@pytest.mark.parametrize("name", service_names())
def test_the_document_of_a_service_is_valid(name: str) -> None:
    described = document(load_service(name).routes)
    assert [*OpenAPIV31SpecValidator(described).iter_errors()] == []


@pytest.mark.parametrize("name", service_names())
def test_every_request_is_described(name: str) -> None:
    paths = document(load_service(name).routes)["paths"].items()
    bare = [
        (path, method) for path, ways in paths for method in ways if not ways[method]["summary"]
    ]
    assert bare == []


def test_joined_they_keep_all_they_had() -> None:
    """Two services may have a model of the same name, and mean different things by it."""
    parts = [document(load_service(name).routes) for name in service_names()]
    whole = joined(parts)
    assert [*OpenAPIV31SpecValidator(whole).iter_errors()] == []
    for part in parts:
        assert part["paths"].items() <= whole["paths"].items()
        assert part["components"]["schemas"].items() <= whole["components"]["schemas"].items()
