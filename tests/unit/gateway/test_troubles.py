"""Troubles of pages, as browsers tell of them: little is taken, and nothing of anybody is kept."""

import json
import logging
from types import SimpleNamespace
from typing import Any

import pytest

from services.gateway import troubles
from shared.errors import TooManyRequestsError
from tests.support.gateway import Browser
from tests.support.metrics import Moved

MARKSHEET = "http://localhost/centres/68101/papers/p1/marksheet?search=Siân"
ROUTE = "/centres/<centre_no>/papers/<paper_id>/marksheet"
WHERE = ["marksheet/row.js:12:3", "traced.js:4:1"]
FAILED: dict[str, Any] = {"error": "TypeError", "where": WHERE}
STOPPED = {
    "document-uri": MARKSHEET,
    "referrer": "http://localhost/Siân",
    "violated-directive": "script-src-elem",
    "effective-directive": "script-src-elem",
    "original-policy": "default-src 'none'",
    "blocked-uri": "https://ads.example/Siân.js",
    "script-sample": "Siân",
}
SCRIPT, POLICY = "/troubles/script", troubles.CSP_PATH


def tell(browser: Browser, path: str, body: object, **headers: str) -> int:
    kind = "application/csp-report" if path == POLICY else "application/json"
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = browser.client.post(path, data=data, content_type=kind, headers=headers)
    return answer.status_code


def logged(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    told = [vars(record) for record in caplog.records if record.name == troubles.__name__]
    assert "Siân" not in str(told)
    kept = ("trouble", "error", "where", "directive", "blocked", "page")
    return [{name: one[name] for name in kept if name in one} for one in told]


def test_a_script_that_failed_is_told_with_its_place(
    browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    moved = Moved()
    with caplog.at_level(logging.INFO):
        assert tell(browser, SCRIPT, FAILED, Referer=MARKSHEET) == 204
    told = {"trouble": "script", "error": "TypeError", "where": WHERE, "page": ROUTE}
    assert logged(caplog) == [told]
    assert moved.of("iamis_page_troubles_total") == {("script",): 1}


def test_what_the_policy_stopped_is_told_without_addresses(
    browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    moved = Moved()
    assert tell(browser, POLICY, {"csp-report": STOPPED}) == 204
    told = {"directive": "script-src-elem", "blocked": "ads.example", "page": ROUTE}
    assert logged(caplog) == [{"trouble": "policy", **told}]
    assert moved.of("iamis_page_troubles_total") == {("policy",): 1}


@pytest.mark.parametrize(
    ("changes", "kept"),
    [
        ({"blocked-uri": "inline"}, {"blocked": "inline"}),
        ({"blocked-uri": "https://Siân@ads.example/"}, {"blocked": "https"}),
        ({"blocked-uri": "http://[Siân", "document-uri": "http://["}, {"blocked": "http"}),
        ({"blocked-uri": 7, "effective-directive": None}, {"blocked": ""}),
        ({"effective-directive": "", "violated-directive": ["Siân"]}, {"directive": ""}),
        ({"document-uri": "http://localhost/nowhere/Siân"}, {"page": ""}),
        ({"document-uri": "about:blank"}, {"page": ""}),
    ],
)
def test_whatever_a_browser_makes_of_a_report(
    browser: Browser,
    caplog: pytest.LogCaptureFixture,
    changes: dict[str, object],
    kept: dict[str, str],
) -> None:
    assert tell(browser, POLICY, {"csp-report": STOPPED | changes}) == 204
    (told,) = logged(caplog)
    assert told == told | kept


@pytest.mark.parametrize("body", [{}, [], {"csp-report": "Siân"}, "Siân"])
def test_an_empty_report_is_one_too(
    browser: Browser, caplog: pytest.LogCaptureFixture, body: object
) -> None:
    assert tell(browser, POLICY, body) == 204
    assert logged(caplog) == [{"trouble": "policy", "directive": "", "blocked": "", "page": ""}]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        ({"error": "Siân was read", "where": []}, 422),
        ({"error": "Error", "where": ["https://localhost/Siân.js:1:1"]}, 422),
        ({"error": "Error", "where": WHERE * 6}, 422),
        ({"error": "Error"}, 422),
        (b"x" * (troubles.MOST_BYTES + 1), 413),
    ],
)
def test_what_is_no_report_is_refused(
    browser: Browser, caplog: pytest.LogCaptureFixture, body: object, status: int
) -> None:
    assert tell(browser, SCRIPT, body) == status
    assert logged(caplog) == []


def test_only_so_many_are_taken(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr(troubles, "time", SimpleNamespace(monotonic=lambda: now[0]))
    took = [tell(browser, SCRIPT, FAILED) for _each in range(troubles.OF_ONE + 2)]
    assert took == [204] * troubles.OF_ONE + [429, 429]
    now[0] += troubles.MINUTE
    assert tell(browser, SCRIPT, FAILED) == 204


def test_many_addresses_together_are_bounded_too() -> None:
    allowance = troubles.Allowance()
    for number in range(troubles.OF_ALL):
        allowance.take(f"192.0.2.{number}")
    with pytest.raises(TooManyRequestsError):
        allowance.take("198.51.100.1")


def test_pages_tell_browsers_where(browser: Browser) -> None:
    assert f"report-uri {POLICY}" in browser.get("/").headers["Content-Security-Policy"]
