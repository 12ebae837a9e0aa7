"""Every service describes all its routes, and what it says of them can be read."""

import pytest

from shared.service import load_service, service_names
from shared.web.openapi import document


@pytest.mark.parametrize("name", service_names())
def test_every_route_is_described(name: str) -> None:
    routes = load_service(name).routes
    described = document(routes)
    operations = {
        operation["operationId"]
        for path in described["paths"].values()
        for operation in path.values()
    }
    assert operations == {f"{name}_{route.name}" for route in routes.table}
    assert len(operations) == len(routes.table), "two views of one name"
