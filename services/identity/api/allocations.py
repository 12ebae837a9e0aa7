"""Who moderates what: the board allocates, the centre sees whom to send the sample to."""

from pydantic import BaseModel, Field

from services.identity import queries
from services.identity.access import BOARD, SEE_MODERATOR
from services.identity.api.fields import STRICT, CentreNo, Page, PaperId, Text
from services.identity.api.table import ROUTES
from services.identity.commands import allocations
from shared.access.rules import not_found
from shared.web.routes import Call


class Allocate(BaseModel):
    """The appointee, by e-mail, and what they are to moderate."""

    model_config = STRICT
    email: Text = Field(max_length=320)
    centre_no: CentreNo
    paper_id: PaperId


@ROUTES.get("/allocations", access=BOARD, query=Page, returns=queries.AllocationsPage)
def list_allocations(call: Call, query: Page) -> queries.AllocationsPage:
    """Every allocation, by centre."""
    return queries.allocations(call.session, query.page, query.rows, query.search)


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
