"""Where people come by https alone, browsers are told so, and keep the cookies to that host."""

from collections.abc import Callable

import pytest

from services.gateway.app import SERVICE
from shared.settings import settings
from shared.web.app import create_app
from tests.support.gateway import Browser, FakeServices
from tests.support.service import ServiceUnderTest

HSTS = "Strict-Transport-Security"
Behind = Callable[[str], Browser]


@pytest.fixture
def behind(
    gateway: ServiceUnderTest, fake: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> Behind:
    """A browser before the gateway of this address."""

    def begin(url: str) -> Browser:
        monkeypatch.setenv("IAMIS_PUBLIC_URL", url)
        monkeypatch.setenv("IAMIS_COOKIE_SECURE", "true")
        settings.cache_clear()
        app = create_app(SERVICE.routes, gateway.database, public=True)
        SERVICE.extend(app)
        app.config["PREFERRED_URL_SCHEME"] = "https"
        return Browser(app, fake)

    return begin


def test_cookies_are_the_hosts_own(behind: Behind) -> None:
    browser = behind("https://iamis.example")
    given = [
        cookie
        for answer in (browser.get("/"), browser.finish_sign_in())
        for cookie in answer.headers.getlist("Set-Cookie")
    ]
    assert {cookie.partition("=")[0] for cookie in given} == {
        "__Host-iamis_form",
        "__Host-iamis_session",
        "__Host-iamis_device",
    }
    for cookie in given:
        attributes = {part.strip() for part in cookie.split(";")}
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= attributes
        assert not any(part.startswith("Domain") for part in attributes)
    assert browser.get("/").location == "/centres/68101/papers"


def test_browsers_are_told_to_come_by_https_alone(behind: Behind) -> None:
    browser = behind("https://iamis.example")
    for path in ("/", "/api/identity/nothing", "/static/none.css"):
        assert browser.get(path).headers[HSTS] == "max-age=63072000; includeSubDomains"


def test_by_plain_http_nothing_is_promised(behind: Behind, browser: Browser) -> None:
    assert HSTS not in behind("http://localhost:8000").get("/").headers
    assert HSTS not in browser.get("/").headers
