"""Service accounts, for the board; and the tokens tools get for themselves (RFC 6749, 4.4)."""

import base64
import binascii
from typing import Annotated
from urllib.parse import parse_qs, unquote_plus

from flask import request
from pydantic import BaseModel, Field

from services.identity.access import ANYONE, BOARD
from services.identity.api.fields import STRICT, Name
from services.identity.api.table import ROUTES
from services.identity.commands import tools
from services.identity.commands.tools import Credentials
from services.identity.domain.scopes import Scope
from shared.errors import BadRequestError
from shared.i18n import gettext as _
from shared.web.client_address import client_address
from shared.web.fields import CentreNo
from shared.web.routes import Call, Reply

FORM = "application/x-www-form-urlencoded"
MOST_CENTRES = 1000


class AddTool(BaseModel):
    """What the tool is to be called, and may; without centres, in all of them."""

    model_config = STRICT
    name: Name
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=20)]
    centres: Annotated[list[CentreNo], Field(max_length=MOST_CENTRES)] = []


@ROUTES.get("/service-accounts", access=BOARD, returns=tools.ToolsView)
def list_service_accounts(call: Call) -> tools.ToolsView:
    """The service accounts in use."""
    return tools.listed(call.session)


@ROUTES.post("/service-accounts", access=BOARD, body=AddTool, status=201, returns=tools.ToolView)
def add_service_account(call: Call, body: AddTool) -> Reply:
    """Make a service account; its secret is shown this once, and not to who repeats the call."""
    made = tools.add(call.session, call.principal, body.name, list(body.scopes), body.centres)
    return Reply(made, kept={**made, "client_secret": None})


@ROUTES.post("/service-accounts/<client_id>/secret", access=BOARD, returns=tools.ToolView)
def renew_secret(call: Call, client_id: str) -> tools.ToolView:
    """Give a service account a new secret; the one before is good no longer."""
    return tools.renew_secret(call.session, call.principal, client_id)


@ROUTES.delete("/service-accounts/<client_id>", access=BOARD, status=204)
def end_service_account(call: Call, client_id: str) -> None:
    """End a service account; its tokens are refused everywhere within two seconds."""
    tools.end(call.session, call.principal, client_id)


@ROUTES.post(
    "/token",
    access=ANYONE,
    raw=FORM,
    streams=True,
    returns=tools.ToolToken,
    refusals=(401, 429),
)
def get_token(call: Call, raw: bytes) -> tools.ToolToken:
    """Trade client credentials for an access token (OAuth 2.0, `client_credentials`)."""
    return tools.token(call.database, _credentials(raw), client_address(request))


def _credentials(raw: bytes) -> Credentials:
    """What the form says; the client may be named by HTTP Basic instead (RFC 6749, 2.3.1)."""
    form = _form(raw)
    if form.get("grant_type") != "client_credentials":
        raise _malformed("unsupported_grant_type" if "grant_type" in form else "invalid_request")
    scheme, _space, sent = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "basic":
        return Credentials(*_basic(sent), form.get("scope", ""))
    if not (form.get("client_id") and form.get("client_secret")):
        raise _malformed("invalid_request")
    return Credentials(form["client_id"], form["client_secret"], form.get("scope", ""))


def _form(raw: bytes) -> dict[str, str]:
    """The form's fields; one given twice is refused, as the RFC asks."""
    try:
        read = parse_qs(raw.decode(), max_num_fields=20)
    except ValueError as error:
        raise _malformed("invalid_request") from error
    if any(len(values) > 1 for values in read.values()):
        raise _malformed("invalid_request")
    return {name: values[0] for name, values in read.items()}


def _basic(sent: str) -> tuple[str, str]:
    try:
        name, colon, secret = base64.b64decode(sent, validate=True).decode().partition(":")
    except (binascii.Error, ValueError) as error:
        raise _malformed("invalid_request") from error
    if not colon:
        raise _malformed("invalid_request")
    return unquote_plus(name), unquote_plus(secret)


def _malformed(code: str) -> BadRequestError:
    """The codes are those of RFC 6749, section 5.2."""
    return BadRequestError(
        _("This is no request for client credentials (RFC 6749)."),
        slug=code.replace("_", "-"),
        extra={"error": code},
    )
