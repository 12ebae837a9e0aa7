"""HTTP in, HTTP out: who lacks evidence, of many sheets at once."""

from services.uploads import queries
from services.uploads.access import MAY_LIST
from services.uploads.api.table import ROUTES
from services.uploads.queries import LackingJson
from shared.access.rules import MODERATORS
from shared.web.routes import Call


@ROUTES.get("/centres/<centre_no>/lacking", access=MAY_LIST, returns=LackingJson)
def list_lacking_of_centre(call: Call, centre_no: str) -> LackingJson:
    """Who of a centre lacks evidence, by paper."""
    return queries.lacking_of_centre(call.session, call.principal, centre_no)


@ROUTES.get("/lacking", access=MODERATORS, returns=LackingJson)
def list_lacking_of_moderator(call: Call) -> LackingJson:
    """Who lacks evidence of what is allocated to a moderator."""
    return queries.lacking_of_moderator(call.session, call.principal)
