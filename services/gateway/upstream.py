"""Talking to the services: one exchange of HTTP, bounded in time, streaming both ways."""

import logging
from collections.abc import Iterator, Mapping
from socket import gaierror
from typing import Protocol
from urllib.parse import urlsplit

from urllib3 import BaseHTTPResponse, HTTPConnectionPool, PoolManager, Timeout
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, ProtocolError

from services.gateway.copies import Copies, Place
from services.gateway.table import Upstream
from shared.errors import UnavailableError
from shared.i18n import gettext as _
from shared.settings import settings

CONNECT_SECONDS = 2.0
# As much as gunicorn takes from a connection at once: where less is asked for, it copies the rest
# again each time.
CHUNK = 1024 * 1024
RETRY_AFTER_SECONDS = 5
# Connections kept for each copy of a service; more are opened when more requests are under way.
KEPT_CONNECTIONS = 64
# Copies whose connections are kept; those of one that has not been asked for long are closed.
KEPT_COPIES = 100
IDEMPOTENT = {"GET", "HEAD", "OPTIONS", "PUT", "DELETE"}

log = logging.getLogger(__name__)


class Readable(Protocol):
    """A body that is read once, as it arrives."""

    def read(self, size: int = -1, /) -> bytes: ...


Body = bytes | Readable | Iterator[bytes] | None


def unavailable(service: str) -> UnavailableError:
    """What a client is told of a service that does not answer."""
    return UnavailableError(
        _("The service “%(service)s” is not available now.", service=service),
        extra={"service": service},
        headers={"Retry-After": str(RETRY_AFTER_SECONDS)},
    )


class Upstreams:
    """The connections to every copy of every service.

    A copy that takes no connection is passed over, whatever is asked: it has been sent nothing.
    What may be repeated goes over kept connections and is sent once more when one of them turns
    out to be dead. What may not be repeated gets a fresh connection each time, since on a kept one
    nobody could tell whether the service had read the request before it hung up.
    """

    def __init__(self, copies: Copies | None = None) -> None:
        self._copies = copies or Copies()
        self._kept = PoolManager(KEPT_COPIES, maxsize=KEPT_CONNECTIONS, blocksize=CHUNK)
        self._fresh = PoolManager(
            KEPT_COPIES,
            maxsize=KEPT_CONNECTIONS,
            blocksize=CHUNK,
            headers={"Connection": "close"},
        )

    def exchange(
        self,
        upstream: Upstream,
        method: str,
        target: str,
        headers: Mapping[str, str],
        body: Body = None,
    ) -> BaseHTTPResponse:
        """The answer with its body unread and undecoded: close it.

        Raises `UnavailableError` when the service is down, too slow, or hangs up.
        """
        repeatable = method in IDEMPOTENT and not _is_stream(body)
        try:
            try:
                return self._send(upstream, method, target, headers, body)
            except (NewConnectionError, ProtocolError):
                if not repeatable:
                    raise
                return self._send(upstream, method, target, headers, body)
        except (HTTPError, gaierror) as error:
            log.warning("no answer", extra={"upstream": upstream.service, "cause": repr(error)})
            raise unavailable(upstream.service) from error

    def _send(
        self,
        upstream: Upstream,
        method: str,
        target: str,
        headers: Mapping[str, str],
        body: Body,
    ) -> BaseHTTPResponse:
        """Ask the copies of the service until one takes the connection."""
        manager = self._kept if method in IDEMPOTENT else self._fresh
        url = settings().service_url(upstream.service)
        (*others, last) = self._copies.in_turn(url)

        def ask(place: Place) -> BaseHTTPResponse:
            return _pool(manager, place).urlopen(
                method,
                target,
                body=body,  # type: ignore[arg-type]  # urllib3 asks for a whole file, and uses `read`
                headers={"Host": urlsplit(url).netloc, **manager.headers, **headers},
                retries=False,
                redirect=False,
                timeout=Timeout(connect=CONNECT_SECONDS, read=upstream.read_seconds),
                preload_content=False,
                decode_content=False,
            )

        for place in others:
            try:
                return ask(place)
            except (NewConnectionError, ConnectTimeoutError):
                self._copies.forget(url)
        return ask(last)


def _pool(manager: PoolManager, place: Place) -> HTTPConnectionPool:
    """The connections to one copy, whose certificate is in the name they share."""
    named = {"server_hostname": place.host, "assert_hostname": place.host}
    return manager.connection_from_host(
        place.address, place.port, place.scheme, named if place.scheme == "https" else {}
    )


def _is_stream(body: Body) -> bool:
    return body is not None and not isinstance(body, bytes)
