"""`/api/<service>/…`: handed to the service as it came, and its answer handed back as it came."""

import re
import string
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import chain
from urllib.parse import quote, unquote, urlsplit

from flask import Flask, Response, after_this_request, request
from urllib3 import BaseHTTPResponse
from urllib3.exceptions import HTTPError
from werkzeug.routing import BaseConverter

from services.gateway import csrf, headers
from services.gateway.bodies import StreamedBody, body_of, hear_out
from services.gateway.calls import Answer, json_object
from services.gateway.language import choose_page_language
from services.gateway.sessions import SignedIn
from services.gateway.state import browser_of_request, gateway
from services.gateway.table import Upstream, upstream_of
from services.gateway.upstream import CHUNK, unavailable
from shared.access.rules import Rule
from shared.errors import NotFoundError
from shared.i18n import gettext as _
from shared.i18n import language
from shared.settings import settings

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
# A refusal is a page of JSON at most; longer ones are handed back unread.
REFUSAL_BYTES = 64 * 1024
DOTS = {".", ".."}

THE_SERVICE_DECIDES = Rule(
    "decided by the service it is handed to", lambda _asked: None, anonymous=True
)


class Rest(BaseConverter):
    """All that follows, slashes included."""

    regex = ".*"
    part_isolating = False


class PassedOn(Response):
    """An answer whose content type is the service's to say, even where it says none."""

    default_mimetype = None


@dataclass
class Exchange:
    """One request being handed on."""

    upstream: Upstream
    target: str
    body: bytes | StreamedBody | None
    browser: SignedIn | None
    headers: dict[str, str] = field(default_factory=dict)

    def send(self) -> BaseHTTPResponse:
        sent = {**headers.onwards(request), **self.headers}
        if isinstance(self.body, StreamedBody) and request.content_length is not None:
            sent["Content-Length"] = str(request.content_length)
        return gateway().upstreams.exchange(
            self.upstream, request.method, self.target, sent, self.body
        )

    def as_browser(self, browser: SignedIn) -> None:
        """Speak for the person signed in there, in the language of their pages."""
        self.browser = browser
        self.headers["Authorization"] = f"Bearer {browser.token}"
        self.headers["Accept-Language"] = language()


def proxy(**_path: str) -> Response:
    """Hand the request on; a browser's token is renewed before it is needed, or once after."""
    after_this_request(hear_out)
    exchange = _exchange()
    answered = exchange.send()
    browser = exchange.browser
    if browser is None or answered.status != HTTPStatus.UNAUTHORIZED:
        return _hand_back(exchange, answered)
    with _told_as_unavailable(exchange, answered):
        raw = answered.read(REFUSAL_BYTES)
    if not Answer(answered.status, json_object(raw)).renewable or not _again(exchange):
        return _hand_back(exchange, answered, read=raw)
    answered.release_conn()
    exchange.as_browser(gateway().sessions.fresh(browser, rejected=browser.token))
    return _hand_back(exchange, exchange.send())


proxy.access_rule = THE_SERVICE_DECIDES  # type: ignore[attr-defined]


def install(app: Flask) -> None:
    app.url_map.converters["rest"] = Rest
    app.add_url_rule(
        "/api/<rest:rest>",
        view_func=proxy,
        methods=METHODS,
        provide_automatic_options=False,
        merge_slashes=False,
    )


def _exchange() -> Exchange:
    target = raw_target()
    path = urlsplit(target).path
    upstream = upstream_of(path)
    if upstream is None:
        raise NotFoundError(_("There is no such thing here."))
    browser = None if "Authorization" in request.headers else browser_of_request()
    if browser is not None:
        choose_page_language(request, browser.user.language)
        csrf.require_header(request)
        browser = gateway().sessions.fresh(browser)
    limit = upstream.limit_bytes(path, request.mimetype, settings().max_file_bytes)
    body = body_of(request, limit)
    exchange = Exchange(upstream, target, body, browser)
    if browser is not None:
        exchange.as_browser(browser)
    return exchange


def raw_target() -> str:
    """Path and query exactly as they were sent, percent-encoding included.

    A path with `.` or `..` as a part is nothing of ours, however it is spelt: what this table and
    the service see must be the same path.
    """
    sent = str(request.environ.get("RAW_URI") or request.full_path)
    absolute = re.match(r"https?://[^/?#]*", sent, re.IGNORECASE)
    target = sent[absolute.end() :] if absolute else sent
    parts = target.partition("?")[0].split("/")
    if DOTS.intersection(unquote(part) for part in parts):
        raise NotFoundError(_("There is no such thing here."))
    return quote(target.encode("latin-1"), safe=string.punctuation)


def _again(exchange: Exchange) -> bool:
    return not isinstance(exchange.body, StreamedBody)


@contextmanager
def _told_as_unavailable(exchange: Exchange, answered: BaseHTTPResponse) -> Iterator[None]:
    """`UnavailableError` where the answer breaks off before anything of it is handed back."""
    try:
        yield
    except HTTPError as error:
        answered.close()
        raise unavailable(exchange.upstream.service) from error


def _hand_back(exchange: Exchange, answered: BaseHTTPResponse, read: bytes = b"") -> Response:
    """The service's answer, streamed; `read` is what has been read of it already."""
    rest = answered.stream(CHUNK, decode_content=False)
    with _told_as_unavailable(exchange, answered):
        read = read or next(rest, b"")

    def close() -> None:
        # In a generator's `finally` this would not run for HEAD, nor for a client gone early.
        answered.close()
        answered.release_conn()

    pieces = chain((read,) if read else (), rest)
    response = PassedOn(pieces, answered.status, headers.handed_back(answered.headers))
    response.call_on_close(close)
    return response
