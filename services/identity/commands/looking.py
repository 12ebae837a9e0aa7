"""Board staff as a centre: a token that sees what its exams officer sees, and changes nothing."""

from dataclasses import replace
from typing import Literal

from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from services.identity import queries
from services.identity.commands import signing
from services.identity.models import Centre, User
from shared import audit
from shared.access.principal import Membership, Principal
from shared.access.rules import not_found


class LookingToken(TypedDict):
    """Good as any access token and renewed by nothing; `user` is how pages know its owner."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    user: queries.UserView


def look(session: Session, who: Principal, centre_no: str) -> LookingToken:
    """The trail keeps each token: who looked at which centre, and when."""
    centre = session.get(Centre, centre_no)
    if centre is None:
        raise not_found()
    there = Membership("admin", iamis=True)
    seen = replace(who, kind="centre", centres={centre_no: there}, only_looks=True)
    change = audit.Change(after={"centre_no": centre_no})
    audit.record(session, who, "centre.looked_at", f"centres/{centre_no}", change)
    return {
        "access_token": signing.mint(session, seen),
        "token_type": "Bearer",
        "expires_in": int(signing.TOKEN_LIFE.total_seconds()),
        "user": _as_centre(queries.user_view(session, session.get_one(User, who.user_id)), centre),
    }


def _as_centre(user: queries.UserView, centre: Centre) -> queries.UserView:
    place: queries.CentreView = {
        "centre_no": centre.no,
        "name": centre.name,
        "account_type": "admin",
        "iamis": True,
    }
    return {**user, "role": "admin", "centre_no": centre.no, "centres": [place]}
