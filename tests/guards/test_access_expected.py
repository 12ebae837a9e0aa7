"""Every route says in a table of the tests who gets in: what nobody expects, nobody has tested."""

import pytest

from services.identity.domain.scopes import SCOPES
from shared.service import load_service, service_names
from tests.unit.access.expectations import EXPECTED, key_of


def test_scopes_of_rules_and_of_service_accounts_are_the_same() -> None:
    tables = [load_service(name).routes.table for name in service_names()]
    named = {route.access.scope for table in tables for route in table} - {""}
    assert named == set(SCOPES)


@pytest.mark.parametrize("name", service_names())
def test_every_route_and_no_other_is_expected(name: str) -> None:
    there = {key_of(route) for route in load_service(name).routes.table}
    assert there == set(EXPECTED.get(name, {})), "see tests/unit/access/expectations.py"
