"""Board staff and appointees, for the board."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from services.identity.access import BOARD
from services.identity.api.fields import STRICT, Email, Name, Page
from services.identity.api.table import ROUTES
from services.identity.commands import people
from services.identity.commands.accounts import NewUser
from services.identity.commands.invitations import Temporary
from services.identity.commands.people import PersonKind, Wanted
from services.identity.domain.accounts import Language
from shared.web.fields import CentreNo
from shared.web.routes import Call

Address = Annotated[str, Field(max_length=1000, pattern=r"^[^\x00]*$")]
OwnCentres = Annotated[list[CentreNo], Field(max_length=20)]


class Accounts(Page):
    """Which of the two kinds is listed."""

    kind: PersonKind = "appointee"


class AddAccount(BaseModel):
    """Whom to invite; `works_at` and `address` are for appointees."""

    model_config = STRICT
    kind: PersonKind
    first_name: Name
    last_name: Name
    email: Email
    language: Language
    address: Address = ""
    works_at: OwnCentres = []


class ChangeAccount(BaseModel):
    """What to change; what is left out stays. Board staff have no `works_at`.

    With `worked_at`, the own centres as they were read, a change made meanwhile is not undone: 409.
    """

    model_config = STRICT
    address: Address | None = None
    works_at: OwnCentres | None = None
    worked_at: OwnCentres | None = None
    status: Literal["active", "deactivated"] | None = None


@ROUTES.get("/accounts", access=BOARD, query=Accounts, returns=people.PeoplePage)
def list_accounts(call: Call, query: Accounts) -> people.PeoplePage:
    """Board staff or appointees, by surname."""
    return people.listed(call.session, query.kind, query.page, query.rows, query.search)


@ROUTES.post(
    "/accounts",
    access=BOARD,
    body=AddAccount,
    status=201,
    returns=people.PersonView,
    refusals=(409,),
)
def add_account(call: Call, body: AddAccount) -> people.PersonView:
    """Invite board staff or an appointee; a temporary password is mailed."""
    temporary = Temporary.make()
    new = NewUser(
        kind=body.kind,
        email=body.email,
        first_name=body.first_name,
        last_name=body.last_name,
        language=body.language,
        address=body.address,
        works_at=tuple(sorted(set(body.works_at))) if body.kind == "appointee" else (),
        password_hash=temporary.hash,
        invited=True,
    )
    return people.add(call.session, call.principal, new, temporary)


@ROUTES.get("/accounts/<user_id>", access=BOARD, returns=people.OnePersonView)
def show_account(call: Call, user_id: str) -> people.OnePersonView:
    """One of the board staff, or one appointee."""
    return people.shown(call.session, user_id)


@ROUTES.patch(
    "/accounts/<user_id>",
    access=BOARD,
    body=ChangeAccount,
    returns=people.PersonView,
    refusals=(409,),
)
def change_account(call: Call, body: ChangeAccount, user_id: str) -> people.PersonView:
    """Change the postal address or the own centres, deactivate or reactivate.

    No centre becomes an own one while they are allocated to it.
    """
    wanted = Wanted(body.address, body.works_at, body.worked_at, body.status)
    return people.change(call.session, call.principal, user_id, wanted)
