"""RabbitMQ's management API: declaring what there is, which is the operator's right."""

import http
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import urllib3

from shared.bus import BusError

CONNECT_SECONDS = 5.0
READ_SECONDS = 30.0
RETRIES = 1


class Management:
    """The API at `url` (`http://user:password@host:port`), for one virtual host."""

    def __init__(self, url: str, vhost: str) -> None:
        parts = urlsplit(url)
        self._base = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}/api"
        self._vhost = vhost
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        self._headers = urllib3.make_headers(basic_auth=f"{user}:{password}")
        limits = urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS)
        # Every call may be made twice: each says what there is to be, and not what to add.
        again = urllib3.Retry(RETRIES, allowed_methods=None, redirect=0, raise_on_status=False)
        self._pool = urllib3.PoolManager(timeout=limits, retries=again)

    def path(self, kind: str, *names: str) -> str:
        """`/queues/%2F/iamis.marks`: a path within the virtual host."""
        return "/".join(["", kind, *(quote(part, safe="") for part in (self._vhost, *names))])

    def call(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - JSON
        """What the API answers; `BusError` where it refuses. What is not there is deleted."""
        try:
            answer = self._pool.request(method, self._base + path, headers=self._headers, json=body)
        except urllib3.exceptions.HTTPError as error:
            raise BusError(f"RabbitMQ's management API: {error}") from error
        if answer.status == http.HTTPStatus.NOT_FOUND and method == "DELETE":
            return None
        if answer.status >= http.HTTPStatus.BAD_REQUEST:
            raise BusError(f"RabbitMQ refuses {method} {path}: {answer.data.decode()[:500]}")
        return answer.json() if answer.data else None

    def close(self) -> None:
        self._pool.clear()
