"""What the admins of a centre do with its accounts: invite, grant, change, deactivate."""

from dataclasses import asdict, dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.identity.commands import accounts, sessions
from services.identity.commands.passwords import random_password
from services.identity.domain.accounts import (
    AccountType,
    Language,
    Standing,
    Wanted,
    change,
    keep_an_admin,
)
from services.identity.models import Centre, Membership, User
from services.identity.queries import MemberView, may_sign_in, member_view
from shared import audit
from shared.access.principal import Principal
from shared.access.rules import not_found


@dataclass(frozen=True)
class Invitation:
    """Whom an admin invites."""

    email: str
    first_name: str
    last_name: str
    language: Language
    account_type: AccountType


def invite(session: Session, who: Principal, centre_no: str, invitation: Invitation) -> MemberView:
    """Make an invited account; its temporary password is known to nobody until it is mailed."""
    new = accounts.NewUser(
        kind="centre",
        email=invitation.email,
        first_name=invitation.first_name,
        last_name=invitation.last_name,
        language=invitation.language,
        password=random_password(),
        places=(accounts.Place(centre_no, invitation.account_type),),
        invited=True,
    )
    user = accounts.add_user(session, new, who)
    return member_view(user, session.get_one(Membership, (user.id, centre_no)))


def change_user(
    session: Session, who: Principal, centre_no: str, user_id: str, wanted: Wanted
) -> MemberView:
    """Change what a person is in the centre; it holds everywhere with tokens already issued."""
    # The centre's row is the lock, so that two admins cannot demote each other at once.
    session.get(Centre, centre_no, with_for_update=True)
    member = session.get(Membership, (user_id, centre_no))
    if member is None:
        raise not_found()
    user = session.get_one(User, user_id, with_for_update=True)
    before = member.standing
    after = change(before, wanted, has_signed_in=user.status == "active")
    if after == before:
        return member_view(user, member)
    keep_an_admin(before, after, _other_admins(session, centre_no, user_id))
    member.become(after)
    accounts.raise_access_version(session, user)
    if not may_sign_in(session, user):
        sessions.end_all(session, user_id, "deactivated")
    audit.record(
        session, who, "user.changed", f"users/{user_id}", _difference(centre_no, before, after)
    )
    return member_view(user, member)


def _difference(centre_no: str, before: Standing, after: Standing) -> audit.Change:
    was, now = asdict(before), asdict(after)
    changed = [name for name in was if was[name] != now[name]]
    return audit.Change(
        {"centre_no": centre_no} | {name: was[name] for name in changed},
        {"centre_no": centre_no} | {name: now[name] for name in changed},
    )


def _other_admins(session: Session, centre_no: str, user_id: str) -> int:
    counted = (
        select(func.count())
        .select_from(Membership)
        .join(User, User.id == Membership.user_id)
        .where(
            Membership.centre_no == centre_no,
            Membership.user_id != user_id,
            Membership.account_type == "admin",
            Membership.status == "active",
            User.status == "active",
        )
    )
    return session.scalar(counted) or 0
