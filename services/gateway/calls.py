"""JSON calls of the gateway's own to the services."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

from flask import json, request
from urllib3 import BaseHTTPResponse
from urllib3.exceptions import HTTPError

from services.gateway import headers
from services.gateway.table import Upstream, upstream_of
from services.gateway.upstream import Body, Upstreams, unavailable
from shared.errors import (
    BadRequestError,
    ConflictError,
    FieldError,
    ForbiddenError,
    NotFoundError,
    PayloadTooLargeError,
    ProblemError,
    TooManyRequestsError,
    UnauthenticatedError,
    UnavailableError,
    UnprocessableError,
)

Json = dict[str, Any]
NOTHING: Mapping[str, str] = MappingProxyType({})
JSON: Mapping[str, str] = MappingProxyType({"Content-Type": "application/json"})

REFUSALS: dict[int, type[ProblemError]] = {
    refusal.status: refusal
    for refusal in (
        BadRequestError,
        UnauthenticatedError,
        ForbiddenError,
        NotFoundError,
        ConflictError,
        PayloadTooLargeError,
        UnprocessableError,
        TooManyRequestsError,
        UnavailableError,
    )
}
# A token that was good once: with a newer one the same call may be allowed.
RENEWABLE = ("urn:iamis:problem:stale-token", "urn:iamis:problem:expired")
REAUTHENTICATE = "urn:iamis:problem:reauthentication-required"
PROBLEM_MEMBERS = {"type", "title", "status", "detail", "request_id", "errors"}


@dataclass(frozen=True)
class Answer:
    """What a service said: `body` is its JSON, empty where it sent none; `raw` is all it sent."""

    status: int
    body: Json
    retry_after: str = ""
    raw: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return self.status < HTTPStatus.BAD_REQUEST

    @property
    def detail(self) -> str:
        """Why it was refused, for a reader."""
        return str(self.body.get("detail", ""))

    @property
    def errors(self) -> dict[str, str]:
        """What is wrong with each field, by its JSON pointer."""
        return {item["pointer"]: item["detail"] for item in self.body.get("errors", [])}

    @property
    def renewable(self) -> bool:
        return self.status == HTTPStatus.UNAUTHORIZED and self.body.get("type") in RENEWABLE

    @property
    def asks_who_it_is(self) -> bool:
        """Whether it is refused only because signing in was too long ago for it."""
        return self.status == HTTPStatus.FORBIDDEN and self.body.get("type") == REAUTHENTICATE

    def problem(self) -> ProblemError:
        """The refusal as an error of ours, to be raised."""
        refusal = REFUSALS.get(self.status, UnavailableError)
        return refusal(
            self.detail,
            errors=[FieldError(pointer, detail) for pointer, detail in self.errors.items()],
            extra={k: v for k, v in self.body.items() if k not in PROBLEM_MEMBERS},
            slug=str(self.body.get("type", "")).rpartition(":")[2],
            headers={"Retry-After": self.retry_after} if self.retry_after else {},
        )


def refused(error: ProblemError) -> Answer:
    """An error of ours as if a service had said it."""
    body = {"type": error.type, "detail": error.detail, **error.extra}
    return Answer(error.status, body, error.headers.get("Retry-After", ""))


class Calls:
    """Calls that send JSON and read JSON."""

    def __init__(self, upstreams: Upstreams) -> None:
        self._upstreams = upstreams

    def ask(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, token: str = ""
    ) -> Answer:
        """Call the service of `path`; a service that is down gives an `Answer` of 503."""
        if body is None:
            return self.send(method, path, token)
        return self.send(method, path, token, json.dumps(body).encode(), JSON)

    def send(
        self,
        method: str,
        path: str,
        token: str,
        body: Body = None,
        given: Mapping[str, str] = NOTHING,
    ) -> Answer:
        """As `ask`, with a body of any kind, and the headers that tell of it."""
        upstream = upstream_of(path)
        if upstream is None:
            message = f"no service answers {path}"
            raise LookupError(message)
        sent = {**headers.own(request), **given}
        if token:
            sent["Authorization"] = f"Bearer {token}"
        return answer_of(self._upstreams, upstream, method, path, sent, body)


def answer_of(
    upstreams: Upstreams,
    upstream: Upstream,
    method: str,
    path: str,
    sent: Mapping[str, str],
    body: Body = None,
) -> Answer:
    """The whole answer; one that does not come, or breaks off, is a 503 of ours."""
    try:
        return read_answer(upstreams.exchange(upstream, method, path, sent, body))
    except UnavailableError as error:
        return refused(error)
    except HTTPError:
        return refused(unavailable(upstream.service))


def read_answer(answered: BaseHTTPResponse) -> Answer:
    """The whole answer; what is not a JSON object counts as nothing said."""
    raw = answered.read(decode_content=True)
    answered.release_conn()
    given = dict(answered.headers)
    return Answer(answered.status, json_object(raw), given.get("Retry-After", ""), raw, given)


def json_object(raw: bytes) -> Json:
    try:
        read = json.loads(raw)
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}
