"""The route table of a service: each route names its access rule, its input and its answer.

    @routes.put("/centres/<centre_no>/…", access=MAY_MARK, body=SaveMark)
    def save_mark(call: Call, body: SaveMark, centre_no: str) -> Json: ...

The view gets the parts of its path by name, `body` and `query` where the route declares them, and
returns the JSON of the answer, or a `Reply`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

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
    """An answer that is not simply JSON with the route's status."""

    body: Json | str | bytes | Iterable[bytes] | None = None
    status: int | None = None
    content_type: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    on_close: Callable[[], None] | None = None


@dataclass
class Call:
    """One request on its way through the frame.

    `session` is the transaction the view works in. A route that `streams` has none while it acts:
    it opens its own by `database.transaction()` when the bytes have been dealt with.
    """

    database: Database
    params: dict[str, str]
    _session: Session | None = None
    _principal: Principal | None = None

    @property
    def session(self) -> Session:
        assert self._session is not None, "this route streams: open a transaction"
        return self._session

    @property
    def principal(self) -> Principal:
        assert self._principal is not None, "this route is open to anyone"
        return self._principal

    def enter(self, session: Session | None) -> None:
        self._session = session

    def authenticated_as(self, principal: Principal) -> None:
        self._principal = principal


View = Callable[..., Json | Reply | None]


@dataclass(frozen=True)
class Route:
    """One line of the table. `raw` is a content type the route takes as bytes instead of JSON."""

    method: str
    path: str
    view: View
    access: Rule
    status: int
    body: type[BaseModel] | None
    query: type[BaseModel] | None
    raw: str | None
    streams: bool
    returns: Any
    refusals: tuple[int, ...]

    @property
    def name(self) -> str:
        return self.view.__name__

    @property
    def limit(self) -> int:
        """The largest body in bytes, of a route that does not stream."""
        return CSV_LIMIT if self.raw else JSON_LIMIT


class Routes:
    """The routes of one service, under `/api/<service>`."""

    def __init__(self, service: str) -> None:
        self.service = service
        self.table: list[Route] = []

    def get(self, path: str, **options: Any) -> Callable[[View], View]:
        return self._route("GET", path, **options)

    def post(self, path: str, **options: Any) -> Callable[[View], View]:
        return self._route("POST", path, **options)

    def put(self, path: str, **options: Any) -> Callable[[View], View]:
        return self._route("PUT", path, **options)

    def patch(self, path: str, **options: Any) -> Callable[[View], View]:
        return self._route("PATCH", path, **options)

    def delete(self, path: str, **options: Any) -> Callable[[View], View]:
        return self._route("DELETE", path, **options)

    def _route(
        self,
        method: str,
        path: str,
        *,
        access: Rule,
        status: int = 200,
        body: type[BaseModel] | None = None,
        query: type[BaseModel] | None = None,
        raw: str | None = None,
        streams: bool = False,
        returns: Any = None,
        refusals: tuple[int, ...] = (),
    ) -> Callable[[View], View]:
        def declare(view: View) -> View:
            self.table.append(
                Route(
                    method=method,
                    path=f"/api/{self.service}{path}",
                    view=view,
                    access=access,
                    status=status,
                    body=body,
                    query=query,
                    raw=raw,
                    streams=streams,
                    returns=returns,
                    refusals=refusals,
                )
            )
            return view

        return declare
