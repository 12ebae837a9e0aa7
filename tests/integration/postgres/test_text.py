"""Text that PostgreSQL does not take is refused in words, whichever route it comes by."""

import re
from urllib.parse import quote

import pytest

from shared.access.principal import Principal
from shared.files import store
from shared.service import load_service
from tests.integration.postgres.conftest import Start
from tests.support.service import BOARD, MODERATOR, ServiceUnderTest, admin_of

SERVICES = ("marks", "sampling", "uploads", "reports", "identity")
NUL = "a\0b"
READERS = (BOARD, MODERATOR, admin_of("68101"))
NAMES = ("search", "sort", "show", "page", "rows", "lang", "changed_since", "format", "state")


def paths(name: str) -> list[tuple[str, str]]:
    """Each route of the service, a NUL in place of each part of its path that varies."""
    routes = load_service(name).routes.table
    return [(each.method, re.sub(r"<[^>]*>", quote(NUL), each.path)) for each in routes]


def statuses(service: ServiceUnderTest, who: Principal, name: str) -> dict[str, int]:
    query = dict.fromkeys(NAMES, NUL)
    return {
        f"{method} {path}": service.call(
            method, path, who, json={"email": NUL, "password": NUL}, query_string=query
        ).status_code
        for method, path in paths(name)
    }


@pytest.mark.parametrize("name", SERVICES)
def test_a_nul_is_never_our_fault(start: Start, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "bucket", lambda: None)
    monkeypatch.setenv("IAMIS_SECRET_KEY", "a secret of the tests, and long enough")
    service = start(name)
    for who in READERS:
        found = statuses(service, who, name)
        assert {route: status for route, status in found.items() if status >= 500} == {}
