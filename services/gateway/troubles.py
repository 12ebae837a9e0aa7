"""Troubles of pages, as browsers tell of them: scripts that failed, and what our policy stopped.

Anybody may tell of some, signed in or not. So few are taken, they are small, and each is a line in
the log and no more: what kind, where in our own files, on which page. Never a message, an address
or a query, for a name may stand in it.
"""

import logging
import re
import time
from collections import Counter as Tally
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Annotated, Any, Literal
from urllib.parse import SplitResult, urlsplit

from flask import Flask, Response, current_app, request
from prometheus_client import Counter
from pydantic import BaseModel, ConfigDict, Field
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from shared.access.rules import ANYONE
from shared.errors import TooManyRequestsError
from shared.i18n import gettext as _
from shared.web.body import parse_json, read_bytes, validate
from shared.web.client_address import client_address

PATH = "/troubles/"
CSP_PATH = f"{PATH}policy"
MOST_BYTES = 8 * 1024
MINUTE = 60
# Of one address (a school has one), and of all that this process is told, in a minute.
OF_ONE, OF_ALL = 10, 120
FRAMES = 10
WORD = re.compile(r"[a-z-]{1,40}")
HOST = re.compile(r"[\w.:-]{1,100}", re.ASCII)

Kind = Literal["script", "policy"]

TOLD = Counter("iamis_page_troubles_total", "Troubles that browsers told of", ["kind"])

log = logging.getLogger(__name__)


class ScriptFailed(BaseModel):
    """The name of an error, and where in our files it came from: `marksheet/row.js:12:3`."""

    model_config = ConfigDict(strict=True)
    error: str = Field(pattern=r"^[A-Za-z]{0,40}$")
    where: list[Annotated[str, Field(pattern=r"^[\w/.-]{1,80}\.js:\d{1,6}:\d{1,6}$")]] = Field(
        max_length=FRAMES
    )


class Allowance:
    """How many reports are taken in a minute."""

    def __init__(self) -> None:
        self._minute = 0
        self._taken: Tally[str] = Tally()

    def take(self, address: str) -> None:
        """One more; `TooManyRequestsError` where that is too many."""
        minute = int(time.monotonic() // MINUTE)
        if minute != self._minute:
            self._minute, self._taken = minute, Tally()
        if self._taken[address] >= OF_ONE or self._taken.total() >= OF_ALL:
            raise TooManyRequestsError(
                _("Too many reports. Try again later."), headers={"Retry-After": str(MINUTE)}
            )
        self._taken[address] += 1


def install(app: Flask) -> None:
    allowance = Allowance()

    def told(kind: Kind, read: Callable[[Any], Mapping[str, object]]) -> Response:
        allowance.take(client_address(request))
        found = read(parse_json(read_bytes(request, MOST_BYTES)))
        TOLD.labels(kind).inc()
        log.warning("a page had a trouble", extra={"trouble": kind, **found})
        return Response(status=HTTPStatus.NO_CONTENT)

    def script() -> Response:
        return told("script", of_script)

    def policy() -> Response:
        return told("policy", of_policy)

    for view in (script, policy):
        view.access_rule = ANYONE  # type: ignore[attr-defined]
        path = f"{PATH}{view.__name__}"
        app.add_url_rule(path, f"trouble of {view.__name__}", view, methods=["POST"])


def of_script(body: object) -> dict[str, object]:
    told = validate(ScriptFailed, body).model_dump()
    return {**told, "page": page_of(request.referrer)}


def of_policy(body: object) -> dict[str, object]:
    """What of a report of a browser (Content Security Policy, level 3) says nothing of anybody."""
    given = body.get("csp-report") if isinstance(body, dict) else None
    report = given if isinstance(given, dict) else {}
    directive = report.get("effective-directive") or report.get("violated-directive")
    return {
        "directive": _word(directive),
        "blocked": _blocked(report.get("blocked-uri")),
        "page": page_of(report.get("document-uri")),
    }


def _word(given: object) -> str:
    found = WORD.match(given) if isinstance(given, str) else None
    return found.group() if found else ""


def _split(given: object) -> SplitResult:
    try:
        return urlsplit(given if isinstance(given, str) else "")
    except ValueError:
        return urlsplit("")


def _blocked(given: object) -> str:
    """The site that something was to come from, or `inline`, `eval` and the like."""
    host = _split(given).netloc
    return host if HOST.fullmatch(host) else _word(given)


def page_of(url: object) -> str:
    """The route of the page at an address, without whatever is in its place: it may name people."""
    path = _split(url).path
    try:
        rule, _params = current_app.url_map.bind("").match(path, "GET", return_rule=True)
    except (HTTPException, RequestRedirect):
        return ""
    return rule.rule
