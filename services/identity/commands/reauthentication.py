"""Confirming that it is still the person who signed in: password and code again."""

from sqlalchemy.orm import Session

from services.identity.commands import attempts, guesses, own_password, second_factor, trail
from services.identity.domain import codes
from services.identity.models import Family, User
from shared import clock
from shared.access.principal import Principal
from shared.access.rules import not_found
from shared.db import Database
from shared.i18n import gettext as _


def prove(database: Database, who: Principal, password: str, code: str, address: str) -> None:
    """From now on the session counts as signed in lately; what is wrong is counted."""
    own_password.confirm(database, who.user_id, password, address, "/password")
    with database.transaction() as session:
        wrong = _prove(session, who, code, address)
    if wrong:
        raise own_password.refused("/code", wrong)


def _prove(session: Session, who: Principal, code: str, address: str) -> str:
    """What is wrong with the code, or nothing."""
    user = session.get(User, who.user_id, with_for_update={"key_share": True})
    family = session.get(Family, who.session_id)
    if user is None or family is None:
        raise not_found()
    attempt_id = attempts.reserve(session, user.email, address)
    secret = user.totp_secret or ""
    timecode = codes.timecode_of(secret, code, clock.now()) if secret else None
    if timecode is None:
        trail.by_owner(session, user, "reauthentication.refused", address=address)
        guesses.note(session, user)
        return _("The code is not right.")
    attempts.release(session, attempt_id)
    if not second_factor.claim_code(session, user, secret, timecode):
        return _("This code has been used. Wait for the next one.")
    family.authenticated_at = clock.now()
    trail.by_owner(session, user, "reauthentication.completed", address=address)
    return ""
