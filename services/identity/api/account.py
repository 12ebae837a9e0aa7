"""The account that is signed in, and the keys tokens are verified with."""

from typing import Any

from typing_extensions import TypedDict

from services.identity import queries
from services.identity.access import ANYONE, SIGNED_IN
from services.identity.api.table import ROUTES
from services.identity.commands import signing
from services.identity.models import User
from shared.access.rules import not_found
from shared.web.routes import Call


class KeySet(TypedDict):
    """Public keys (RFC 7517)."""

    keys: list[dict[str, Any]]


@ROUTES.get("/me", access=SIGNED_IN, returns=queries.UserView)
def show_me(call: Call) -> queries.UserView:
    """The account that is signed in."""
    user = call.session.get(User, call.principal.user_id)
    if user is None:
        raise not_found()
    return queries.user_view(call.session, user)


@ROUTES.get("/.well-known/jwks.json", access=ANYONE, returns=KeySet)
def show_keys(call: Call) -> KeySet:
    """The public keys access tokens are signed with."""
    return {"keys": signing.public_keys(call.session)}
