"""A small client of the services' HTTP API, for one account."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, TypeVar

import urllib3

PATIENCE_SECONDS = 30.0
STEP_SECONDS = 0.05

Answer = TypeVar("Answer")


class DemoError(Exception):
    """A service refused what the demo asked of it."""


@dataclass(frozen=True)
class Client:
    """Calls services directly by their base URLs, as the account of the token."""

    urls: Mapping[str, str]
    token: str = field(repr=False)
    pool: urllib3.PoolManager = field(default_factory=lambda: urllib3.PoolManager(timeout=30))

    def call(
        self, method: str, path: str, body: object = None, content_type: str = "application/json"
    ) -> dict[str, Any]:
        """The JSON of the answer; `DemoError` where it is a refusal."""
        service = path.split("/")[2]
        sent = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": content_type}
        answer = self.pool.request(
            method, self.urls[service] + path, body=None if body is None else sent, headers=headers
        )
        if answer.status >= HTTPStatus.BAD_REQUEST:
            message = f"{method} {path}: {answer.status} {answer.data.decode()}"
            raise DemoError(message)
        read: dict[str, Any] = json.loads(answer.data)
        return read

    def retrying(self, method: str, path: str, body: object) -> dict[str, Any]:
        """Call until the service has heard of what it needs to know, by event."""
        return patiently(lambda: self.call(method, path, body))


def patiently(attempt: Callable[[], Answer]) -> Answer:
    """Try again while it is refused; the last refusal is raised after `PATIENCE_SECONDS`."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return attempt()
        except DemoError:
            if time.monotonic() > deadline:
                raise
            time.sleep(STEP_SECONDS)
