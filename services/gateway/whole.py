"""What the gateway says of all services together: whether they are ready, and their interface."""

from http import HTTPStatus
from typing import Any

from flask import Flask, Response, jsonify, request

from services.gateway import headers
from services.gateway.calls import Answer, answer_of
from services.gateway.live.document import DOCUMENT
from services.gateway.remembered import Remembered
from services.gateway.state import gateway
from services.gateway.table import MIB, SERVICES, Upstream
from shared.access.rules import ANYONE
from shared.web.openapi import joined

READY_SECONDS = 1.0
DOCUMENT_SECONDS = 60.0
# A document without the services that are down is tried again soon.
PARTIAL_SECONDS = 5.0
ASKING_SECONDS = 5.0
# All five are asked within one probe of the gateway.
READYZ_SECONDS = 0.5


def install(app: Flask) -> None:
    down = Remembered(_find_down)
    described = Remembered(_describe)
    ready_itself = app.view_functions["readyz"]

    def readyz() -> Response:
        """The gateway is ready when it is itself; services that are down are named."""
        ready_itself()
        return jsonify(status="ok", down=down.get())

    def openapi() -> Response:
        return jsonify(described.get())

    readyz.access_rule = ANYONE  # type: ignore[attr-defined]
    openapi.access_rule = ANYONE  # type: ignore[attr-defined]
    app.view_functions["readyz"] = readyz
    app.add_url_rule("/api/openapi.json", endpoint="openapi of all", view_func=openapi)


def _ask(service: str, path: str, seconds: float = ASKING_SECONDS) -> Answer:
    upstream = Upstream("", service, limit=MIB, read_seconds=seconds)
    return answer_of(gateway().upstreams, upstream, "GET", path, headers.own(request))


def _find_down() -> tuple[list[str], float]:
    ready = HTTPStatus.OK
    down = [name for name in SERVICES if _ask(name, "/readyz", READYZ_SECONDS).status != ready]
    return down, READY_SECONDS


def _describe() -> tuple[dict[str, Any], float]:
    """One document of all services; those that are down are named in it and left out."""
    answers = {name: _ask(name, f"/api/{name}/openapi.json") for name in SERVICES}
    missing = sorted(name for name, answer in answers.items() if not answer.ok)
    described = [answer.body for answer in answers.values() if answer.ok]
    whole = joined([*described, DOCUMENT])
    if missing:
        whole["info"]["description"] = f"Not available now: {', '.join(missing)}."
        whole["x-unavailable"] = missing
    return whole, PARTIAL_SECONDS if missing else DOCUMENT_SECONDS
