"""The accounts of a centre, for its admins."""

from typing import Literal

from pydantic import BaseModel

from services.identity import queries
from services.identity.access import MANAGE_USERS, SEE_USERS
from services.identity.api.fields import STRICT, Email, Name, Page
from services.identity.api.table import ROUTES
from services.identity.commands import users
from services.identity.domain.accounts import AccountType, Language, Wanted
from services.identity.models import Centre
from shared.access.rules import not_found
from shared.web.routes import Call


class Invite(BaseModel):
    """Whom to invite."""

    model_config = STRICT
    first_name: Name
    last_name: Name
    email: Email
    language: Language
    account_type: AccountType


class ChangeUser(BaseModel):
    """What to change; what is left out stays."""

    model_config = STRICT
    iamis: bool | None = None
    account_type: AccountType | None = None
    status: Literal["active", "deactivated"] | None = None


@ROUTES.get("/centres/<centre_no>/users", access=SEE_USERS, query=Page, returns=queries.MembersPage)
def list_users(call: Call, query: Page, centre_no: str) -> queries.MembersPage:
    """The accounts of a centre, by surname."""
    if call.session.get(Centre, centre_no) is None:
        raise not_found()
    return queries.members(call.session, centre_no, query.page, query.rows, query.search)


@ROUTES.post(
    "/centres/<centre_no>/invitations",
    access=MANAGE_USERS,
    body=Invite,
    status=201,
    returns=queries.MemberView,
    refusals=(409,),
)
def invite_user(call: Call, body: Invite, centre_no: str) -> queries.MemberView:
    """Invite somebody to the centre."""
    invitation = users.Invitation(**body.model_dump())
    return users.invite(call.session, call.principal, centre_no, invitation)


@ROUTES.patch(
    "/centres/<centre_no>/users/<user_id>",
    access=MANAGE_USERS,
    body=ChangeUser,
    returns=queries.MemberView,
    refusals=(409,),
)
def change_user(call: Call, body: ChangeUser, centre_no: str, user_id: str) -> queries.MemberView:
    """Grant or take away access, change the account type, deactivate."""
    wanted = Wanted(body.account_type, body.iamis, body.status)
    return users.change_user(call.session, call.principal, centre_no, user_id, wanted)
