"""The accounts of a centre, for its admins."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field
from pydantic_core import PydanticCustomError

from services.identity.access import MANAGE_USERS, SEE_USERS
from services.identity.api import users_file
from services.identity.api.fields import STRICT, Email, Name, Page
from services.identity.api.table import ROUTES
from services.identity.commands import invitations, users
from services.identity.domain.accounts import AccountType, Language, Restrictions, Wanted, too_long
from services.identity.models import Centre
from services.identity.queries import members
from shared.access.rules import not_found
from shared.spreadsheets import CSV, as_csv
from shared.web.downloads import download
from shared.web.routes import Call, Json, Reply

MOST_NAMED = 50


class Invite(BaseModel):
    """Whom to invite."""

    model_config = STRICT
    first_name: Name
    last_name: Name
    email: Email
    language: Language
    account_type: AccountType


Names = Annotated[list[Name], Field(max_length=MOST_NAMED)]


def _few_enough(names: list[str]) -> list[str]:
    if too_long(names):
        raise PydanticCustomError("too_long_together", "too long together")
    return names


class Restrict(BaseModel):
    """The only qualifications, papers by their code, and teaching sets that a user shall see.

    Where none is named it is all of them.
    """

    model_config = STRICT
    qualifications: Names = []
    papers: Names = []
    teaching_sets: Annotated[Names, AfterValidator(_few_enough)] = []

    def read(self) -> Restrictions:
        named = (self.qualifications, self.papers, self.teaching_sets)
        return Restrictions(*(tuple(sorted(set(names))) for names in named))


class ChangeUser(BaseModel):
    """What to change; what is left out stays."""

    model_config = STRICT
    iamis: bool | None = None
    account_type: AccountType | None = None
    status: Literal["active", "deactivated"] | None = None
    restrictions: Restrict | None = None


class Users(Page):
    """Which part of the list; as a file it is all that match."""

    format: Literal["json", "csv"] = "json"


@ROUTES.get(
    "/centres/<centre_no>/users",
    access=SEE_USERS,
    query=Users,
    returns=members.MembersPage,
    media=(CSV,),
)
def list_users(call: Call, query: Users, centre_no: str) -> Json | Reply:
    """The accounts of a centre, by surname."""
    if call.session.get(Centre, centre_no) is None:
        raise not_found()
    if query.format == "json":
        return members.members(call.session, centre_no, query.page, query.rows, query.search)
    found = members.every(call.session, centre_no, query.search)
    return download(as_csv(users_file.lines(found)), f"{CSV}; charset=utf-8", "users.csv")


@ROUTES.post(
    "/centres/<centre_no>/invitations",
    access=MANAGE_USERS,
    body=Invite,
    status=201,
    returns=members.MemberView,
    refusals=(409, 429),
)
def invite_user(call: Call, body: Invite, centre_no: str) -> members.MemberView:
    """Invite somebody to the centre."""
    invitation = invitations.Invitation(**body.model_dump())
    return invitations.invite(call.session, call.principal, centre_no, invitation)


@ROUTES.post(
    "/centres/<centre_no>/users/<user_id>/invitation",
    access=MANAGE_USERS,
    returns=members.MemberView,
    refusals=(409, 429),
)
def resend_invitation(call: Call, centre_no: str, user_id: str) -> members.MemberView:
    """Mail a new temporary password to somebody who has not signed in yet."""
    return invitations.resend(call.session, call.principal, centre_no, user_id)


@ROUTES.delete(
    "/centres/<centre_no>/users/<user_id>/invitation",
    access=MANAGE_USERS,
    status=204,
    refusals=(409,),
)
def revoke_invitation(call: Call, centre_no: str, user_id: str) -> None:
    """Take back the invitation of somebody who has not signed in yet."""
    invitations.revoke(call.session, call.principal, centre_no, user_id)


@ROUTES.get("/centres/<centre_no>/users/<user_id>", access=SEE_USERS, returns=members.OneMemberView)
def show_user(call: Call, centre_no: str, user_id: str) -> members.OneMemberView:
    """One account of the centre."""
    return members.member(call.session, centre_no, user_id)


@ROUTES.patch(
    "/centres/<centre_no>/users/<user_id>",
    access=MANAGE_USERS,
    body=ChangeUser,
    returns=members.MemberView,
    refusals=(409,),
)
def change_user(call: Call, body: ChangeUser, centre_no: str, user_id: str) -> members.MemberView:
    """Grant or take away access, change the account type, deactivate."""
    restrictions = body.restrictions.read() if body.restrictions else None
    wanted = Wanted(body.account_type, body.iamis, body.status, restrictions)
    return users.change_user(call.session, call.principal, centre_no, user_id, wanted)
