"""Which headers pass the gateway, and what it says of the caller itself.

A request header passes only when it is named here. So nothing that claims an identity, a peer or
a path gets in, whether spelt with hyphens or underscores (WSGI makes both the same name).
"""

import re

from flask import Request
from urllib3 import HTTPHeaderDict

from shared import context
from shared.i18n import language
from shared.web.client_address import client_address

PASSED_ON = (
    "Accept",
    "Accept-Encoding",
    "Accept-Language",
    "Authorization",
    "Content-Digest",
    "Content-Type",
    "Idempotency-Key",
    "If-Match",
    "If-Modified-Since",
    "If-None-Match",
    "If-Range",
    "If-Unmodified-Since",
    "Last-Event-Id",
    "Range",
    "User-Agent",
)
# RFC 9110, section 7.6.1; `Server` and `Date` are this server's own to say.
NOT_HANDED_BACK = {
    "connection",
    "date",
    "keep-alive",
    "proxy-authenticate",
    "proxy-connection",
    "server",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "x-request-id",
}
SEPARATOR = re.compile(r"\s*,\s*")


def onwards(asked: Request) -> dict[str, str]:
    """The headers of a request as a service is to see them."""
    passed = {name: asked.headers[name] for name in PASSED_ON if name in asked.headers}
    return passed | of_this_request(asked)


def own(asked: Request) -> dict[str, str]:
    """The headers of a call the gateway makes itself while it answers `asked`."""
    return {
        "Accept": "application/json",
        "Accept-Language": language(),
        "User-Agent": "iamis-gateway",
        **of_this_request(asked),
    }


def of_this_request(asked: Request) -> dict[str, str]:
    return {
        "X-Request-ID": context.request_id(),
        "traceparent": context.traceparent(),
        "X-Forwarded-For": client_address(asked),
    }


def handed_back(headers: HTTPHeaderDict) -> list[tuple[str, str]]:
    """The headers of a service's answer without those that belong to one connection."""
    named = SEPARATOR.split(headers.get("Connection", "").lower())
    dropped = NOT_HANDED_BACK.union(named)
    return [(name, value) for name, value in headers.iteritems() if name.lower() not in dropped]
