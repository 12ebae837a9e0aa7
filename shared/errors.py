"""The one exception hierarchy: what a rule refuses, as an RFC 9457 problem.

A rule raises one of these with a translated, safe sentence; the web layer turns it into
`application/problem+json`. Nothing here knows of HTTP frameworks, so domain code may raise it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar


@dataclass(frozen=True)
class FieldError:
    """One thing wrong with the input: a JSON pointer (`/tasks/0`) and what rule it breaks."""

    pointer: str
    detail: str

    def as_json(self) -> dict[str, str]:
        return {"pointer": self.pointer, "detail": self.detail}


@dataclass
class ProblemError(Exception):
    """A refusal a client can act on.

    `slug` is the stable last part of the problem's `type`; `errors` name the fields at fault;
    `extra` members (such as `current` or `missing`) are added to the body as they are.
    """

    detail: str
    errors: Sequence[FieldError] = ()
    extra: Mapping[str, object] = field(default_factory=dict)
    slug: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    status: ClassVar[int] = 500
    default_slug: ClassVar[str] = "internal"

    def __str__(self) -> str:
        return self.detail

    @property
    def type(self) -> str:
        return f"urn:iamis:problem:{self.slug or self.default_slug}"


class BadRequestError(ProblemError):
    """The request cannot be read at all (JSON that is not JSON)."""

    status = 400
    default_slug = "bad-request"


class UnauthenticatedError(ProblemError):
    """No valid token, or wrong credentials."""

    status = 401
    default_slug = "unauthenticated"


class ForbiddenError(ProblemError):
    """Your own centre's thing, but your account may not do this."""

    status = 403
    default_slug = "forbidden"


class NotFoundError(ProblemError):
    """It does not exist, or it is another centre's: the answer is the same."""

    status = 404
    default_slug = "not-found"


class ConflictError(ProblemError):
    """The state of the thing does not allow it now (submitted, stale version, no sample yet)."""

    status = 409
    default_slug = "conflict"


class PayloadTooLargeError(ProblemError):
    """The body is over the limit of its route."""

    status = 413
    default_slug = "too-large"


class UnsupportedMediaTypeError(ProblemError):
    """The body is of a content type the route does not read."""

    status = 415
    default_slug = "unsupported-media-type"


class RangeNotSatisfiableError(ProblemError):
    """A part of something is wanted that it does not have; `Content-Range` says how long it is."""

    status = 416
    default_slug = "range-not-satisfiable"


class UnprocessableError(ProblemError):
    """Readable, but it breaks a rule; `errors` name each field and the rule."""

    status = 422
    default_slug = "unprocessable"


class TooManyRequestsError(ProblemError):
    """A rate limit is reached; `Retry-After` says when to come back."""

    status = 429
    default_slug = "too-many-requests"


class UnavailableError(ProblemError):
    """A part needed for this is down or full; `Retry-After` says when to come back."""

    status = 503
    default_slug = "unavailable"
