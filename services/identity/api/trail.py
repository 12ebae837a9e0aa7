"""The audit trail: of a centre for its admins, of everything for the board."""

import json
from collections.abc import Generator, Iterable, Iterator
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from services.identity.access import BOARD, SEE_USERS
from services.identity.api.fields import Printable
from services.identity.api.table import ROUTES
from services.identity.queries import trail
from shared.db import Database
from shared.spreadsheets import CSV, as_csv
from shared.web.downloads import made_while_sent
from shared.web.fields import MOST_ROWS, Day
from shared.web.routes import Call, Json, Reply

# A day outside has no day before or after it that a date can name.
BETWEEN = Field(ge=date(2000, 1, 1), le=date(2999, 12, 31))
COLUMNS = ("at", "by", "action", "about", "subject", "centre_no", "before", "after", "why", "what")


class TrailQuery(BaseModel):
    """Which part of the trail: days are included, `action` may be the beginning of one.

    As a file it is all that match, whatever the page.
    """

    since: Annotated[Day, BETWEEN] | None = None
    until: Annotated[Day, BETWEEN] | None = None
    action: Printable = Field(default="", max_length=60)
    user_id: Printable = Field(default="", max_length=32)
    page: int = Field(default=1, ge=1, le=1_000_000)
    rows: int = Field(default=50, ge=1, le=MOST_ROWS)
    format: Literal["json", "csv"] = "json"


@ROUTES.get(
    "/audit",
    access=BOARD,
    query=TrailQuery,
    streams=True,
    returns=trail.TrailPage,
    media=(CSV,),
)
def show_audit(call: Call, query: TrailQuery) -> Json | Reply:
    """What was done with accounts, allocations, tools and keys, the newest first."""
    return _answer(call, query, "")


@ROUTES.get(
    "/centres/<centre_no>/audit",
    access=SEE_USERS,
    query=TrailQuery,
    streams=True,
    returns=trail.TrailPage,
    media=(CSV,),
)
def show_audit_of_centre(call: Call, query: TrailQuery, centre_no: str) -> Json | Reply:
    """What was done with the accounts of a centre, the newest first."""
    return _answer(call, query, centre_no)


def _answer(call: Call, query: TrailQuery, centre_no: str) -> Json | Reply:
    asked = trail.Asked(centre_no, query.since, query.until, query.action, query.user_id)
    if query.format == "csv":
        return made_while_sent(_told(call.database, asked), f"{CSV}; charset=utf-8", "audit.csv")
    with call.database.reading() as session:
        return trail.page(session, asked, query.page, query.rows)


def _told(database: Database, asked: trail.Asked) -> Generator[bytes]:
    with database.reading_on() as session:
        yield from as_csv(_lines(trail.every(session, asked)))


def _lines(found: Iterable[Json]) -> Iterator[list[str]]:
    yield list(COLUMNS)
    for row in found:
        yield [_cell(row[name]) for name in COLUMNS]


def _cell(value: object) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)
