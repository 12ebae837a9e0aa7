"""One's own account: language, password, recovery codes, and where one is signed in."""

from flask import request
from pydantic import BaseModel, Field
from typing_extensions import TypedDict

from services.identity import queries
from services.identity.access import ANYONE, SIGNED_IN
from services.identity.api.fields import STRICT, Text
from services.identity.api.table import ROUTES
from services.identity.commands import devices, own_password, reauthentication, second_factor, trail
from services.identity.domain.accounts import Language
from services.identity.models import User
from shared.access.rules import not_found
from shared.web.client_address import client_address
from shared.web.routes import Call


class Preferences(BaseModel):
    """What a person may change of their account; what is left out stays."""

    model_config = STRICT
    language: Language | None = None


class ChangePassword(BaseModel):
    """The password now, and the one wanted."""

    model_config = STRICT
    current_password: Text = Field(max_length=1024)
    new_password: Text = Field(max_length=1024)


class Password(BaseModel):
    """The password now: that it is still the owner who sits there."""

    model_config = STRICT
    password: Text = Field(max_length=1024)


class Reauthenticate(BaseModel):
    """Password and code, as at signing in."""

    model_config = STRICT
    password: Text = Field(max_length=1024)
    code: Text = Field(max_length=20)


class Address(BaseModel):
    """Whose password was forgotten."""

    model_config = STRICT
    email: Text = Field(max_length=320)


class ResetPassword(BaseModel):
    """The secret of the link that was mailed, and the password wanted."""

    model_config = STRICT
    token: Text = Field(max_length=100)
    new_password: Text = Field(max_length=1024)


class Asked(TypedDict):
    """The same for every address."""

    asked: bool


class CodesLeft(TypedDict):
    """How many recovery codes are not used yet."""

    left: int


class Codes(TypedDict):
    """New recovery codes: nobody can see them again."""

    codes: list[str]


def _own(call: Call) -> User:
    user = call.session.get(User, call.principal.user_id, with_for_update=True)
    if user is None:
        raise not_found()
    return user


@ROUTES.patch("/me", access=SIGNED_IN, body=Preferences, returns=queries.UserView)
def change_preferences(call: Call, body: Preferences) -> queries.UserView:
    """Choose the language of pages and mail."""
    user = _own(call)
    if body.language and body.language != user.language:
        trail.by_owner(call.session, user, "language.changed", language=body.language)
        user.language = body.language
    return queries.user_view(call.session, user)


# What verifies or makes Argon2id hashes does it outside of transactions (`streams`).
@ROUTES.post(
    "/me/password",
    access=SIGNED_IN,
    body=ChangePassword,
    status=204,
    streams=True,
    refusals=(429,),
)
def change_password(call: Call, body: ChangePassword) -> None:
    """Change one's password; every other session ends."""
    who = call.principal
    own_password.confirm(
        call.database,
        who.user_id,
        body.current_password,
        client_address(request),
        "/current_password",
    )
    own_password.change(call.database, who.user_id, who.session_id, body.new_password)


@ROUTES.post(
    "/me/reauthentication",
    access=SIGNED_IN,
    body=Reauthenticate,
    status=204,
    streams=True,
    refusals=(404, 429),
)
def reauthenticate(call: Call, body: Reauthenticate) -> None:
    """Confirm who one is: for 15 minutes the session may change the rights of others."""
    address = client_address(request)
    reauthentication.prove(call.database, call.principal, body.password, body.code, address)


@ROUTES.post(
    "/password/forgotten",
    access=ANYONE,
    body=Address,
    status=202,
    returns=Asked,
    refusals=(429,),
)
def ask_for_link(call: Call, body: Address) -> Asked:
    """Have a link mailed by which a new password is chosen; it never tells who has an account."""
    own_password.ask_for_link(call.session, body.email, client_address(request))
    return {"asked": True}


@ROUTES.post(
    "/password/reset",
    access=ANYONE,
    body=ResetPassword,
    status=204,
    streams=True,
    refusals=(401,),
)
def choose_by_link(call: Call, body: ResetPassword) -> None:
    """Choose a new password with the secret of a link; then sign in with it."""
    own_password.choose_by_link(call.database, body.token, body.new_password)


@ROUTES.get("/me/recovery-codes", access=SIGNED_IN, returns=CodesLeft)
def count_recovery_codes(call: Call) -> CodesLeft:
    """How many recovery codes are left."""
    return {"left": second_factor.codes_left(call.session, call.principal.user_id)}


@ROUTES.post(
    "/me/recovery-codes",
    access=SIGNED_IN,
    body=Password,
    streams=True,
    returns=Codes,
    refusals=(429,),
)
def make_recovery_codes(call: Call, body: Password) -> Codes:
    """Make ten new recovery codes, shown this once; those from before are no longer good."""
    own_password.confirm(
        call.database, call.principal.user_id, body.password, client_address(request), "/password"
    )
    with call.database.transaction() as session:
        user = session.get_one(User, call.principal.user_id, with_for_update=True)
        return {"codes": second_factor.make_codes(session, user)}


@ROUTES.get("/me/sessions", access=SIGNED_IN, returns=devices.SessionList)
def list_sessions(call: Call) -> devices.SessionList:
    """Where one is signed in."""
    return devices.signed_in(call.session, call.principal.user_id, call.principal.session_id)


@ROUTES.delete("/me/sessions", access=SIGNED_IN, status=204)
def sign_out_everywhere(call: Call) -> None:
    """Sign out everywhere, here too."""
    devices.sign_out_everywhere(call.session, _own(call).id)


@ROUTES.delete("/me/sessions/<session_id>", access=SIGNED_IN, status=204)
def sign_out_of(call: Call, session_id: str) -> None:
    """Sign out of one place."""
    devices.sign_out_of(call.session, call.principal.user_id, session_id)
