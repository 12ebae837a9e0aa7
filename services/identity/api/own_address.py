"""Where centres send a moderator's samples to, for the moderator."""

from pydantic import BaseModel
from typing_extensions import TypedDict

from services.identity.access import MODERATORS
from services.identity.api.fields import STRICT
from services.identity.api.people import Address
from services.identity.api.table import ROUTES
from services.identity.commands import people
from services.identity.models import User
from shared.access.rules import not_found
from shared.web.routes import Call


class AddressView(TypedDict):
    """Lines of a postal address; empty where there is none."""

    address: str


class ChangeAddress(BaseModel):
    """The postal address, its lines as they go on an envelope."""

    model_config = STRICT
    address: Address


@ROUTES.get("/me/address", access=MODERATORS, returns=AddressView)
def show_address(call: Call) -> AddressView:
    """The postal address that centres are shown."""
    user = call.session.get(User, call.principal.user_id)
    if user is None:
        raise not_found()
    return {"address": user.address}


@ROUTES.put("/me/address", access=MODERATORS, body=ChangeAddress, returns=AddressView)
def change_address(call: Call, body: ChangeAddress) -> AddressView:
    """Give another postal address: centres see it at once."""
    who = call.principal
    changed = people.change(call.session, who, who.user_id, people.Wanted(address=body.address))
    return {"address": changed["address"]}
