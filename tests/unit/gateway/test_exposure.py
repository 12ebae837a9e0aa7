"""What the gateway shows of itself to whoever looks around: nothing that nobody needs."""

import pytest
from flask import Flask

from tests.support.gateway import Browser


@pytest.mark.parametrize("path", ["/", "/guide", "/api/identity/me", "/static/app.css"])
def test_nothing_answers_a_trace(browser: Browser, path: str) -> None:
    answer = browser.client.open(path, method="TRACE")
    assert answer.status_code == 405


@pytest.mark.parametrize(
    "path",
    [
        "/static/",
        "/static/../models.py",
        "/static/%2e%2e/models.py",
        "/static/marksheet/",
        "/metrics",
        "/console",
        "/.git/config",
        "/.env",
        "/api/marks/metrics",
    ],
)
def test_what_is_not_meant_to_be_read_is_not_there(browser: Browser, path: str) -> None:
    answer = browser.get(path)
    assert answer.status_code == 404
    assert "Traceback" not in answer.text


def test_it_is_no_debugger(app: Flask) -> None:
    assert app.debug is False
    assert app.testing is False
