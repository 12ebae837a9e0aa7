"""Invitations by centres, for whom they invite."""

from services.identity import queries
from services.identity.access import SIGNED_IN
from services.identity.api.table import ROUTES
from services.identity.commands import joining
from shared.web.routes import Call


@ROUTES.get("/me/invitations", access=SIGNED_IN, returns=joining.InvitationList)
def list_invitations(call: Call) -> joining.InvitationList:
    """The centres that invite one and wait for an answer."""
    return joining.waiting(call.session, call.principal.user_id)


@ROUTES.post("/me/invitations/<centre_no>", access=SIGNED_IN, returns=queries.UserView)
def accept_invitation(call: Call, centre_no: str) -> queries.UserView:
    """Join a centre that invites one."""
    user = joining.accept(call.session, call.principal.user_id, centre_no)
    return queries.user_view(call.session, user)


@ROUTES.delete("/me/invitations/<centre_no>", access=SIGNED_IN, status=204)
def decline_invitation(call: Call, centre_no: str) -> None:
    """Turn an invitation down: the centre sees it no more."""
    joining.decline(call.session, call.principal.user_id, centre_no)
