"""A kind of request and its routes: the centre asks, the board decides."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema
from sqlalchemy.orm import Session

from services.marks.domain.requests import LONGEST_REASON, Kind
from services.marks.domain.sheet import SheetKey
from services.marks.queries.requests import RequestJson, RequestsJson, Wanted, requests_of
from services.marks.routes import ROUTES
from shared.access.principal import Principal
from shared.access.rules import BOARD, Rule
from shared.access.teaching_sets import Sets, only_sets
from shared.web.fields import MOST_ROWS
from shared.web.routes import Call, Json, called

SHEET = "/centres/<centre_no>/papers/<paper_id>"

Body = Mapping[str, Any]
Ask = Callable[[Session, Principal, SheetKey, Body], RequestJson]
DecideOn = Callable[[Session, Principal, SheetKey, str, Body], RequestJson]

_REASON = {"type": "string", "minLength": 1, "maxLength": LONGEST_REASON}
Reason = Annotated[Any, WithJsonSchema(_REASON)]
Word = Annotated[Any, WithJsonSchema({"enum": ["accepted", "rejected"]})]
Comment = Annotated[Any, WithJsonSchema({"type": ["string", "null"], "maxLength": LONGEST_REASON})]


class Decide(BaseModel):
    """The board's decision; whoever is refused is told why."""

    model_config = ConfigDict(extra="ignore")

    decision: Word
    comment: Comment = None


class RequestsQuery(BaseModel):
    """A page of requests, maybe only those of one state."""

    model_config = ConfigDict(extra="ignore")

    state: Literal["requested", "accepted", "rejected"] | None = None
    page: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    rows: Annotated[int, Field(ge=1, le=MOST_ROWS)] = 100

    def of(
        self, session: Session, kind: Kind, key: SheetKey | None, sets: Sets | None = None
    ) -> RequestsJson:
        asked = Wanted(kind, self.state or "", key, sets)
        return requests_of(session, asked, self.page, self.rows)


@dataclass(frozen=True, kw_only=True)
class RequestKind:
    """What a kind of request has of its own.

    The sentences say what each of its routes does: `asks`, `lists` (those of a sheet), `decides`
    and `lists_all`.
    """

    kind: Kind
    body: type[BaseModel]
    ask: Ask
    decide: DecideOn
    may_ask: Rule
    may_see: Rule
    may_decide: Rule
    asks: str
    lists: str
    decides: str
    lists_all: str

    @property
    def path(self) -> str:
        return f"/{self.kind}-requests"


def declare(of: RequestKind) -> None:
    """The four routes of a kind of request."""
    _declare_asking(of)
    _declare_list(of)
    _declare_deciding(of)
    _declare_list_of_all(of)


def _declare_asking(of: RequestKind) -> None:
    def view(call: Call, body: BaseModel, centre_no: str, paper_id: str) -> Json:
        return of.ask(call.session, call.principal, SheetKey(centre_no, paper_id), dict(body))

    route = ROUTES.post(
        SHEET + of.path,
        access=of.may_ask,
        body=of.body,
        status=201,
        returns=RequestJson,
        refusals=(409,),
    )
    route(called(view, f"post_{of.kind}_request", of.asks))


def _declare_list(of: RequestKind) -> None:
    def view(call: Call, query: RequestsQuery, centre_no: str, paper_id: str) -> Json:
        sets = only_sets(call.principal, centre_no)
        return query.of(call.session, of.kind, SheetKey(centre_no, paper_id), sets)

    route = ROUTES.get(
        SHEET + of.path, access=of.may_see, query=RequestsQuery, returns=RequestsJson
    )
    route(called(view, f"get_{of.kind}_requests", of.lists))


def _declare_deciding(of: RequestKind) -> None:
    def view(call: Call, body: Decide, centre_no: str, paper_id: str, request_id: str) -> Json:
        key = SheetKey(centre_no, paper_id)
        return of.decide(call.session, call.principal, key, request_id, dict(body))

    route = ROUTES.patch(
        f"{SHEET}{of.path}/<request_id>",
        access=of.may_decide,
        body=Decide,
        returns=RequestJson,
        refusals=(409,),
    )
    route(called(view, f"patch_{of.kind}_request", of.decides))


def _declare_list_of_all(of: RequestKind) -> None:
    def view(call: Call, query: RequestsQuery) -> Json:
        return query.of(call.session, of.kind, None)

    route = ROUTES.get(of.path, access=BOARD, query=RequestsQuery, returns=RequestsJson)
    route(called(view, f"get_all_{of.kind}_requests", of.lists_all))
