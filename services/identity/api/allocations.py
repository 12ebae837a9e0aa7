"""Who moderates what: the board allocates, the centre sees whom to send the sample to."""

import io
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from services.identity.access import BOARD, SEE_MODERATOR
from services.identity.api.fields import STRICT, Page, Text
from services.identity.api.table import ROUTES
from services.identity.commands import allocations, allocations_import
from services.identity.domain import allocations_file
from services.identity.queries import allocations as queries
from services.identity.queries.allocations_file import rows as allocations_rows
from shared.access.rules import not_found
from shared.spreadsheets import CSV, as_csv
from shared.web.downloads import download
from shared.web.fields import CentreNo, Flag, PaperId
from shared.web.routes import Call, Json, Reply


class Allocate(BaseModel):
    """The appointee, by email, and what they are to moderate."""

    model_config = STRICT
    email: Text = Field(max_length=320)
    centre_no: CentreNo
    paper_id: PaperId


class Allocations(Page):
    """Which part of the list; as a file it is all that match."""

    format: Literal["json", "csv"] = "json"


class ImportQuery(BaseModel):
    """`dry_run` only tells what the file would change."""

    model_config = ConfigDict(extra="ignore")

    dry_run: Flag = False


@ROUTES.get(
    "/allocations",
    access=BOARD,
    query=Allocations,
    returns=queries.AllocationsPage,
    media=(CSV,),
)
def list_allocations(call: Call, query: Allocations) -> Json | Reply:
    """Every allocation, by centre; as CSV it can be imported again."""
    if query.format == "json":
        return queries.allocations(call.session, query.page, query.rows, query.search)
    head = [column.name for column in allocations_file.COLUMNS]
    lines = [head, *allocations_rows(call.session, query.search)]
    return download(as_csv(lines), f"{CSV}; charset=utf-8", "allocations.csv")


# A dry run needs no transaction that writes: this opens its own (`streams`).
@ROUTES.post(
    "/allocations/import",
    access=BOARD,
    raw=CSV,
    query=ImportQuery,
    streams=True,
    returns=allocations_import.AllocationsImportJson,
)
def import_allocations(
    call: Call, raw: bytes, query: ImportQuery
) -> allocations_import.AllocationsImportJson:
    """Allocate and withdraw moderators as a file says, all or nothing, or tell what it would do.

    Columns: email, centre_no, series, paper_code, action (A allocate, W withdraw).
    """
    file = allocations_import.read_file(io.BytesIO(raw))
    if query.dry_run:
        with call.database.reading() as session:
            return allocations_import.try_import(session, file)
    who = call.principal
    return call.database.run(
        lambda session: allocations_import.import_allocations(session, who, file)
    )


# It may wait for the event of a paper made a moment ago: not within a transaction (`streams`).
@ROUTES.post(
    "/allocations",
    access=BOARD,
    body=Allocate,
    status=201,
    streams=True,
    returns=queries.AllocationView,
)
def allocate(call: Call, body: Allocate) -> queries.AllocationView:
    """Allocate a moderator to a centre and paper; repeating it changes nothing."""
    wanted = allocations.Wanted(**body.model_dump())
    return allocations.allocate(call.database, call.principal, wanted)


@ROUTES.delete("/allocations/<allocation_id>", access=BOARD, status=204)
def deallocate(call: Call, allocation_id: str) -> None:
    """End an allocation."""
    allocations.deallocate(call.session, call.principal, allocation_id)


@ROUTES.get(
    "/centres/<centre_no>/papers/<paper_id>/moderator",
    access=SEE_MODERATOR,
    returns=queries.ModeratorView,
)
def show_moderator(call: Call, centre_no: str, paper_id: str) -> queries.ModeratorView:
    """Who moderates the paper, once it is submitted."""
    found = queries.moderator(call.session, centre_no, paper_id)
    if found is None:
        raise not_found()
    return found
