"""Service accounts: tools that get tokens for themselves (OAuth 2.0 client credentials).

The secret is shown once, when it is made; 256 random bits need no slow hash.
"""

import hmac
import secrets
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from services.identity.commands import accounts, attempts, recent, signing
from services.identity.commands.sessions import digest
from services.identity.domain.scopes import granted
from services.identity.models import ServiceAccount
from shared import audit, clock
from shared.access.principal import Principal
from shared.access.rules import not_found
from shared.db import Database
from shared.errors import BadRequestError, ProblemError, UnauthenticatedError
from shared.i18n import gettext as _
from shared.ids import new_id

SECRET_BYTES = 32
BASIC = 'Basic realm="iamis"'


class ToolView(TypedDict):
    """A service account; `client_secret` is there only when it was just made."""

    client_id: str
    name: str
    scopes: list[str]
    centres: list[str]
    created_at: str
    client_secret: str | None


class ToolsView(TypedDict):
    service_accounts: list[ToolView]
    total: int


class ToolToken(TypedDict):
    """RFC 6749, section 5.1; `expires_in` is in seconds."""

    access_token: str
    token_type: str
    expires_in: int
    scope: str


@dataclass(frozen=True)
class Credentials:
    """What a tool sends to get a token."""

    client_id: str
    client_secret: str
    scope: str = ""


def _view(tool: ServiceAccount, secret: str | None = None) -> ToolView:
    return {
        "client_id": tool.id,
        "name": tool.name,
        "scopes": tool.scopes,
        "centres": tool.centre_nos,
        "created_at": tool.created_at.isoformat(),
        "client_secret": secret,
    }


def listed(session: Session) -> ToolsView:
    found = session.scalars(
        select(ServiceAccount)
        .where(ServiceAccount.ended_at.is_(None))
        .order_by(ServiceAccount.name, ServiceAccount.id)
    )
    views = [_view(tool) for tool in found]
    return {"service_accounts": views, "total": len(views)}


def add(
    session: Session, who: Principal, name: str, scopes: list[str], centres: list[str]
) -> ToolView:
    recent.expect(session, who)
    accounts.expect_centres(session, centres, "/centres")
    secret = secrets.token_urlsafe(SECRET_BYTES)
    tool = ServiceAccount(
        id=new_id(),
        name=name,
        secret_hash=digest(secret),
        scopes=sorted(set(scopes)),
        centre_nos=sorted(set(centres)),
        access_version=1,
        created_at=clock.now(),
    )
    session.add(tool)
    after = {"name": name, "scopes": tool.scopes, "centres": tool.centre_nos}
    audit.record(session, who, "tool.added", _subject(tool), audit.Change(after=after))
    return _view(tool, secret)


def renew_secret(session: Session, who: Principal, tool_id: str) -> ToolView:
    """A new secret; the one before is good no longer, nor the tokens it got."""
    recent.expect(session, who)
    tool = _tool(session, tool_id)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    tool.secret_hash = digest(secret)
    accounts.raise_access_version(session, tool)
    audit.record(session, who, "tool.secret_renewed", _subject(tool), audit.Change())
    return _view(tool, secret)


def end(session: Session, who: Principal, tool_id: str) -> None:
    recent.expect(session, who)
    tool = _tool(session, tool_id)
    tool.ended_at = clock.now()
    accounts.raise_access_version(session, tool)
    audit.record(session, who, "tool.ended", _subject(tool), audit.Change())


def _tool(session: Session, tool_id: str) -> ServiceAccount:
    tool = session.get(ServiceAccount, tool_id, with_for_update=True)
    if tool is None or tool.ended_at is not None:
        raise not_found()
    return tool


def _subject(tool: ServiceAccount) -> str:
    return f"tools/{tool.id}"


def token(database: Database, given: Credentials, address: str) -> ToolToken:
    """An access token for a tool; what is refused is counted, as at signing in."""
    with database.transaction() as session:
        attempt = attempts.reserve(session, f"tool {given.client_id}", address)
    with database.transaction() as session:
        tool = _known(session, given)
        if tool is not None:
            # Of no consequence to whoever knows the secret, whatever else they asked wrongly.
            attempts.release(session, attempt)
        answer = _issue(session, tool, given.scope) if tool else _unknown()
    if isinstance(answer, ProblemError):
        raise answer
    return answer


def _unknown() -> UnauthenticatedError:
    return UnauthenticatedError(
        _("The client is not known, or its secret is wrong."),
        slug="invalid-client",
        extra={"error": "invalid_client"},
        headers={"WWW-Authenticate": BASIC},
    )


def _known(session: Session, given: Credentials) -> ServiceAccount | None:
    tool = session.get(ServiceAccount, given.client_id) if given.client_id.isalnum() else None
    held = tool.secret_hash if tool else digest("nobody's")
    right = hmac.compare_digest(held, digest(given.client_secret))
    return tool if tool and right and tool.ended_at is None else None


def _issue(session: Session, tool: ServiceAccount, wanted: str) -> ToolToken | BadRequestError:
    scopes = granted(tool.scopes, wanted)
    if scopes is None:
        return BadRequestError(
            _("This client may not have that scope."),
            slug="invalid-scope",
            extra={"error": "invalid_scope"},
        )
    who = Principal(
        user_id=tool.id,
        name=tool.name,
        kind="service",
        centres={},
        language="en",
        access_version=tool.access_version,
        scopes=frozenset(scopes),
        only_centres=frozenset(tool.centre_nos),
    )
    audit.record(
        session, who, "token.issued", _subject(tool), audit.Change(after={"scopes": scopes})
    )
    return {
        "access_token": signing.mint(session, who),
        "token_type": "Bearer",
        "expires_in": int(signing.TOKEN_LIFE.total_seconds()),
        "scope": " ".join(scopes),
    }
