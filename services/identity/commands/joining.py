"""What people do with invitations: accept and decline.

The first sign-in accepts the invitation that made the account. Others wait for a word of their own.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from services.identity import queries
from services.identity.commands import accounts, trail
from services.identity.domain.accounts import AccountType
from services.identity.models import Centre, Membership, User
from shared.access.rules import not_found


class InvitationView(TypedDict):
    """A centre that invites the person who asks."""

    centre_no: str
    name: str
    account_type: AccountType


class InvitationList(TypedDict):
    invitations: list[InvitationView]


def begin(session: Session, user: User) -> None:
    """Somebody signs in for the first time, with what one centre mailed."""
    places = session.scalars(select(Membership).filter_by(user_id=user.id, status="invited")).all()
    for place in places:
        if not place.pending or len(places) == 1:
            _become_active(place)


def _become_active(place: Membership) -> None:
    place.status, place.invited_as, place.invited_key = "active", {}, None


def waiting(session: Session, user_id: str) -> InvitationList:
    """Those the person has not answered, by centre number."""
    found = session.execute(
        select(Membership, Centre)
        .join(Centre, Centre.no == Membership.centre_no)
        .where(queries.is_invited(user_id))
        .order_by(Centre.no)
    )
    views: list[InvitationView] = [
        {"centre_no": centre.no, "name": centre.name, "account_type": member.account_type}
        for member, centre in found
    ]
    return {"invitations": views}


def accept(session: Session, user_id: str, centre_no: str) -> User:
    """Join the centre: what it grants counts with tokens already issued."""
    user, place = _asked(session, user_id, centre_no)
    _become_active(place)
    accounts.tell_access(session, user)
    trail.by_owner(session, user, "invitation.accepted", centre_no=centre_no)
    return user


def decline(session: Session, user_id: str, centre_no: str) -> None:
    user, place = _asked(session, user_id, centre_no)
    session.delete(place)
    trail.by_owner(session, user, "invitation.declined", centre_no=centre_no)


def _asked(session: Session, user_id: str, centre_no: str) -> tuple[User, Membership]:
    """An invitation that waits for the person's answer; both rows locked."""
    user = session.get(User, user_id, with_for_update={"key_share": True})
    place = session.get(Membership, (user_id, centre_no), with_for_update=True)
    if user is None or place is None or user.kind != "centre":
        raise not_found()
    if place.status != "invited" or not place.pending:
        raise not_found()
    return user, place
