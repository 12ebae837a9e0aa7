"""Signing in, staying signed in and signing out."""

from flask import request
from pydantic import BaseModel, Field

from services.identity.access import ANYONE
from services.identity.api.fields import STRICT, Printable, Text
from services.identity.api.table import ROUTES
from services.identity.commands import sessions, sign_in
from services.identity.domain.devices import GUESSED, Device, Origin
from shared.access.tokens import verify
from shared.web.client_address import client_address
from shared.web.frame import bearer_token
from shared.web.routes import Call

LONGEST_DEVICE = 80


class NewPassword(BaseModel):
    """The step after a temporary password."""

    model_config = STRICT
    challenge: Text = Field(max_length=100)
    new_password: Text = Field(max_length=1024)


class FromDevice(BaseModel):
    """Which device this is, told by a client that remembers one: people hear of new ones."""

    model_config = STRICT
    id: Printable = Field(min_length=1, max_length=100)
    name: Printable = Field(min_length=1, max_length=LONGEST_DEVICE)


class SignIn(BaseModel):
    """The first step; a device that the account was used from is not stopped by its neighbours."""

    model_config = STRICT
    email: Text = Field(max_length=320)
    password: Text = Field(max_length=1024)
    device: FromDevice | None = None


class Code(BaseModel):
    """The step that opens the session."""

    model_config = STRICT
    challenge: Text = Field(max_length=100)
    code: Text = Field(max_length=20)
    device: FromDevice | None = None


class RecoveryCode(BaseModel):
    """The step that opens the session when the authenticator app is not at hand."""

    model_config = STRICT
    challenge: Text = Field(max_length=100)
    code: Text = Field(max_length=50)
    device: FromDevice | None = None


class Refresh(BaseModel):
    """A refresh token to be traded."""

    model_config = STRICT
    refresh_token: Text = Field(max_length=100)


class SignOut(BaseModel):
    """Which session ends; without it, the one of the access token."""

    model_config = STRICT
    refresh_token: Text | None = Field(default=None, max_length=100)


# The first steps verify Argon2id hashes: that is done outside of transactions (`streams`).
@ROUTES.post(
    "/sign-in",
    access=ANYONE,
    body=SignIn,
    streams=True,
    returns=sign_in.ChallengeAnswer,
    refusals=(401, 429),
)
def begin_sign_in(call: Call, body: SignIn) -> sign_in.ChallengeAnswer:
    """Sign in with email and password; a code is asked for next."""
    origin = _origin(body.device)
    return sign_in.begin(call.database, body.email, body.password, origin)


@ROUTES.post(
    "/sign-in/password",
    access=ANYONE,
    body=NewPassword,
    streams=True,
    returns=sign_in.ChallengeAnswer,
    refusals=(401, 409),
)
def choose_password(call: Call, body: NewPassword) -> sign_in.ChallengeAnswer:
    """Replace a temporary password."""
    return sign_in.choose_password(call.database, body.challenge, body.new_password)


@ROUTES.post(
    "/sign-in/totp",
    access=ANYONE,
    body=Code,
    streams=True,
    returns=sessions.TokenAnswer,
    refusals=(401, 409, 429),
)
def confirm_code(call: Call, body: Code) -> sessions.TokenAnswer:
    """Finish signing in with a code of the authenticator app."""
    return sign_in.confirm(call.database, body.challenge, body.code, _origin(body.device))


@ROUTES.post(
    "/sign-in/recovery",
    access=ANYONE,
    body=RecoveryCode,
    streams=True,
    returns=sessions.TokenAnswer,
    refusals=(401, 409, 429),
)
def confirm_recovery_code(call: Call, body: RecoveryCode) -> sessions.TokenAnswer:
    """Finish signing in with a recovery code instead; it is good for this once."""
    return sign_in.recover(call.database, body.challenge, body.code, _origin(body.device))


def _origin(told: FromDevice | None) -> Origin:
    """A client that remembers no device is told from others by what it says it is."""
    address = client_address(request)
    if told is not None:
        return Origin(address, Device(told.id, told.name))
    agent = request.headers.get("User-Agent", "")
    name = "".join(c for c in agent.partition(" ")[0] if c.isprintable())
    return Origin(address, Device(f"{GUESSED}{agent}", name[:LONGEST_DEVICE] or "?"))


@ROUTES.post(
    "/token/refresh",
    access=ANYONE,
    body=Refresh,
    streams=True,
    returns=sessions.TokenAnswer,
    refusals=(401,),
)
def refresh_tokens(call: Call, body: Refresh) -> sessions.TokenAnswer:
    """Trade a refresh token for the next one and a new access token."""
    return sessions.refresh(call.database, body.refresh_token)


@ROUTES.post("/sign-out", access=ANYONE, body=SignOut, status=204, refusals=(401,))
def sign_out(call: Call, body: SignOut) -> None:
    """End the session of the refresh token, or else of the access token."""
    if body.refresh_token:
        family_id = sessions.family_of(call.session, body.refresh_token)
    else:
        family_id = verify(call.session, bearer_token(request)).session_id
    sessions.sign_out(call.session, family_id)
