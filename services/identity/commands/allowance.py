"""How many invitations may be sent within a day: by one person, and for one centre."""

from datetime import timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from services.identity.domain.throttle import Limit, seconds_to_wait
from services.identity.models import SentInvitation
from shared import clock
from shared.access.principal import Principal
from shared.db import forget
from shared.errors import TooManyRequestsError
from shared.i18n import gettext as _
from shared.ids import new_id
from shared.locks import queue_for
from shared.settings import settings

DAY = timedelta(days=1)
# All admins of a centre together, of what one of them may.
OF_A_CENTRE = 2


def spend(session: Session, who: Principal, centre_no: str) -> None:
    """Send one more; `TooManyRequestsError` where it was enough for today."""
    now, most = clock.now(), settings().invitations_a_day
    forget(session, SentInvitation, SentInvitation.at < now - DAY)
    # Counting and being counted are one: of many at once, each sees those before it.
    queue_for(session, f"invitations by {who.user_id}", f"invitations to {centre_no}")
    wait = max(
        _wait(session, Limit(most, DAY), SentInvitation.by_id == who.user_id),
        _wait(session, Limit(most * OF_A_CENTRE, DAY), SentInvitation.centre_no == centre_no),
    )
    if wait:
        raise TooManyRequestsError(
            _("So many invitations were sent that no more are taken today."),
            headers={"Retry-After": str(wait)},
        )
    session.add(SentInvitation(id=new_id(), by_id=who.user_id, centre_no=centre_no, at=now))
    session.flush()


def _wait(session: Session, limit: Limit, which: ColumnElement[bool]) -> int:
    newest = select(SentInvitation.at).where(which).order_by(SentInvitation.at.desc())
    sent = session.scalars(newest.limit(limit.failures)).all()
    return seconds_to_wait(limit, sent, clock.now())
