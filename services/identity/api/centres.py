"""The names of centres, and what they see, for board staff."""

from typing import Annotated

from pydantic import BaseModel, Field

from services.identity.access import BOARD
from services.identity.api.fields import STRICT, Name
from services.identity.api.table import ROUTES
from services.identity.commands import accounts, looking
from services.identity.queries import centres as queries
from shared.access.rules import not_found
from shared.web.routes import Call


@ROUTES.get("/centres", access=BOARD, returns=queries.CentresView)
def list_centres(call: Call) -> queries.CentresView:
    """Every centre with its name."""
    named = queries.centres(call.session)
    return {"centres": named, "total": len(named)}


@ROUTES.get("/centres/<centre_no>", access=BOARD, returns=queries.NamedCentre)
def show_centre(call: Call, centre_no: str) -> queries.NamedCentre:
    """The name of one centre."""
    found = queries.centre(call.session, centre_no)
    if found is None:
        raise not_found()
    return found


class NamedAs(BaseModel):
    """The name of a centre."""

    model_config = STRICT
    name: Annotated[Name, Field(max_length=100)]


@ROUTES.put("/centres/<centre_no>", access=BOARD, body=NamedAs, returns=queries.NamedCentre)
def name_centre(call: Call, body: NamedAs, centre_no: str) -> queries.NamedCentre:
    """Add a centre, or give the one of that number another name."""
    accounts.name_centre(call.session, call.principal, centre_no, body.name)
    return {"centre_no": centre_no, "name": body.name}


@ROUTES.post("/centres/<centre_no>/looking", access=BOARD, status=200, returns=looking.LookingToken)
def look_at_centre(call: Call, centre_no: str) -> looking.LookingToken:
    """An access token that sees what the centre's exams officer sees, and changes nothing."""
    return looking.look(call.session, call.principal, centre_no)
