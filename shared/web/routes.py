"""The route table of a service: each route names its access rule, its input and its answer.

    @routes.put("/centres/<centre_no>/…", access=MAY_MARK, body=SaveMark)
    def save_mark(call: Call, body: SaveMark, centre_no: str) -> Json: ...

The view gets the parts of its path by name, `body` and `query` where the route declares them, and
returns the JSON of the answer, or a `Reply`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, NotRequired, TypedDict, Unpack

from pydantic import BaseModel
from sqlalchemy.orm import Session

from shared.access.principal import Principal
from shared.access.rules import Rule
from shared.db import Database

Json = Mapping[str, Any]
KIBIBYTE = 1024
JSON_LIMIT = KIBIBYTE * KIBIBYTE
CSV_LIMIT = 64 * JSON_LIMIT


@dataclass(frozen=True)
class Reply:
    """An answer that is not simply JSON with the route's status.

    `kept` is what an `Idempotency-Key` is answered with again, where `body` is not to be stored.
    """

    body: Json | str | bytes | Iterable[bytes] | None = None
    status: int | None = None
    content_type: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    on_close: Callable[[], None] | None = None
    kept: Json | None = None


@dataclass
class Call:
    """One request on its way through the frame.

    `session` is the transaction the view works in. A route that `streams` has none while it acts:
    it opens its own by `database.transaction()` when the slow part has been dealt with.
    """

    database: Database
    params: dict[str, str]
    _session: Session | None = None
    _principal: Principal | None = None

    @property
    def session(self) -> Session:
        if self._session is None:
            message = "this route streams: open a transaction"
            raise RuntimeError(message)
        return self._session

    @property
    def principal(self) -> Principal:
        if self._principal is None:
            message = "this route is open to anyone"
            raise RuntimeError(message)
        return self._principal

    def enter(self, session: Session | None) -> None:
        self._session = session

    def authenticated_as(self, principal: Principal) -> None:
        self._principal = principal


View = Callable[..., Json | Reply | None]
IsSame = Callable[..., bool]
Declare = Callable[[View], View]


def called(view: View, name: str, says: str) -> View:
    """The view under the name and with the sentence that the OpenAPI document gives it."""
    view.__name__, view.__doc__ = name, says
    return view


@dataclass(frozen=True, kw_only=True)
class Route:
    """One line of the table: what a request must bring, who may send it, what it answers."""

    method: str
    path: str
    view: View
    access: Rule
    status: int = 200
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    raw: str | None = None
    streams: bool = False
    returns: type | None = None
    media: tuple[str, ...] = ()
    also: tuple[int, ...] = ()
    refusals: tuple[int, ...] = ()
    is_same: IsSame | None = None

    @property
    def name(self) -> str:
        return self.view.__name__

    @property
    def takes_key(self) -> bool:
        """Whether an `Idempotency-Key` counts: it creates something, for an account."""
        return self.status == HTTPStatus.CREATED and not self.access.anonymous

    @property
    def limit(self) -> int:
        """The largest body in bytes, of a route that does not stream."""
        return CSV_LIMIT if self.raw else JSON_LIMIT


class Declared(TypedDict):
    """What a route declares of itself.

    `raw` is a content type taken as bytes instead of JSON, or several with ", " between them (the
    view gets `raw`); a view that
    `streams` opens its own transactions, and reads the body itself where it declares none; `body`
    may be left out of a request when its model requires nothing. `is_same` is for what a view that
    creates reads itself: called with the answer kept for an `Idempotency-Key` and the parts of the
    path, it reads the request and tells whether it brings the same. For the OpenAPI document,
    `returns` is the type of the answer, `media` what it may come as beside JSON, `also` the
    statuses it may have beside `status`, and `refusals` those beyond what the frame gives.
    """

    access: Rule
    status: NotRequired[int]
    body: NotRequired[type[BaseModel]]
    query: NotRequired[type[BaseModel]]
    raw: NotRequired[str]
    streams: NotRequired[bool]
    returns: NotRequired[type]
    media: NotRequired[tuple[str, ...]]
    also: NotRequired[tuple[int, ...]]
    refusals: NotRequired[tuple[int, ...]]
    is_same: NotRequired[IsSame]


class Routes:
    """The routes of one service, under `/api/<service>`."""

    def __init__(self, service: str) -> None:
        self.service = service
        self.table: list[Route] = []

    def get(self, path: str, **declared: Unpack[Declared]) -> Declare:
        return self._route("GET", path, declared)

    def post(self, path: str, **declared: Unpack[Declared]) -> Declare:
        return self._route("POST", path, declared)

    def put(self, path: str, **declared: Unpack[Declared]) -> Declare:
        return self._route("PUT", path, declared)

    def patch(self, path: str, **declared: Unpack[Declared]) -> Declare:
        return self._route("PATCH", path, declared)

    def delete(self, path: str, **declared: Unpack[Declared]) -> Declare:
        return self._route("DELETE", path, declared)

    def _route(self, method: str, path: str, declared: Declared) -> Declare:
        def declare(view: View) -> View:
            full = f"/api/{self.service}{path}"
            self.table.append(Route(method=method, path=full, view=view, **declared))
            return view

        return declare
