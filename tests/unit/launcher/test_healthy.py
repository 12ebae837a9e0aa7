"""`python -m deploy.healthy URL`: what containers are asked."""

import sys
import urllib.error
from collections.abc import Iterator

import pytest
from flask import Response

from deploy.healthy import main
from tests.support.gateway import FakeServices


@pytest.fixture
def fake(request: pytest.FixtureRequest) -> Iterator[FakeServices]:
    request.getfixturevalue("socket_enabled")
    services = FakeServices()
    yield services
    services.close()


def ask(fake: FakeServices, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["healthy", f"{fake.url}/readyz"])
    main()


def test_who_is_ready_is_healthy(fake: FakeServices, monkeypatch: pytest.MonkeyPatch) -> None:
    fake.says("GET", "/readyz", {"status": "ok"})
    ask(fake, monkeypatch)


def test_who_is_not_ready_is_not(fake: FakeServices, monkeypatch: pytest.MonkeyPatch) -> None:
    fake.answers["GET", "/readyz"] = Response(status=503)
    with pytest.raises(urllib.error.HTTPError, match="503") as refused:
        ask(fake, monkeypatch)
    refused.value.close()
