"""What changes the rights of others asks for a password and a code given lately.

So whoever finds a browser that is signed in makes nobody an admin. It is remembered for the session
for 15 minutes; signing in counts.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from services.identity.models import Family
from shared import clock
from shared.access.principal import Principal
from shared.errors import ForbiddenError
from shared.i18n import gettext as _

REMEMBERED = timedelta(minutes=15)
SLUG = "reauthentication-required"


def expect(session: Session, who: Principal) -> None:
    """`ForbiddenError` (`reauthentication-required`) where it was too long ago."""
    family = session.get(Family, who.session_id) if who.session_id else None
    by_token = datetime.fromtimestamp(who.authenticated_at, UTC)
    last = max(by_token, family.authenticated_at) if family else by_token
    if clock.now() - last > REMEMBERED:
        raise ForbiddenError(
            _("Confirm that it is you, with your password and a code, and repeat this."), slug=SLUG
        )
