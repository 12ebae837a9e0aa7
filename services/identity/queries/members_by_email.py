"""The accounts that a file names, found all at once."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.identity.models import Membership, User
from shared.slices import slices

AT_ONCE = 500


@dataclass
class Known:
    """Accounts by the key of their email, their places in the centre, who has others too."""

    users: dict[str, User] = field(default_factory=dict)
    members: dict[str, Membership] = field(default_factory=dict)
    elsewhere: set[str] = field(default_factory=set)

    def member(self, user: User | None) -> Membership | None:
        return self.members.get(user.id) if user else None


def known_users(
    session: Session, centre_no: str, keys: Collection[str], *, lock: bool = False
) -> Known:
    """Those with one of these keys; `lock` holds them, all files in the same order."""
    known = Known()
    for part in slices(sorted(keys), AT_ONCE):
        asked = select(User).where(User.email_key.in_(part)).order_by(User.id)
        found = session.scalars(asked.with_for_update() if lock else asked).all()
        known.users |= {user.email_key: user for user in found}
        places = select(Membership).where(Membership.user_id.in_([user.id for user in found]))
        for place in session.scalars(places.execution_options(populate_existing=True)):
            if place.centre_no == centre_no:
                known.members[place.user_id] = place
            else:
                known.elsewhere.add(place.user_id)
    return known


def acting_admins(session: Session, centre_no: str) -> Mapping[str, Membership]:
    """By their ids, those who can sign in and manage the centre."""
    acting = (
        select(Membership)
        .join(User, User.id == Membership.user_id)
        .where(
            Membership.centre_no == centre_no,
            Membership.account_type == "admin",
            Membership.status == "active",
            User.status == "active",
        )
    )
    return {member.user_id: member for member in session.scalars(acting)}
