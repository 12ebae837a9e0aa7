"""What the admins of a centre do with its accounts: grant, change, deactivate."""

from dataclasses import asdict

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.identity.commands import accounts, post, recent, sessions
from services.identity.domain import letters
from services.identity.domain.accounts import (
    Standing,
    Wanted,
    change,
    keep_an_admin,
    keep_oneself,
)
from services.identity.models import Centre, Membership, User
from services.identity.queries import may_sign_in
from services.identity.queries.members import MemberView, find, member_view
from shared import audit, clock
from shared.access.principal import Principal
from shared.access.rules import not_found


def change_user(
    session: Session, who: Principal, centre_no: str, user_id: str, wanted: Wanted
) -> MemberView:
    """Change what a person is in the centre; it holds everywhere with tokens already issued."""
    # The centre's row is the lock, so that two admins cannot demote each other at once.
    session.get(Centre, centre_no, with_for_update={"key_share": True})
    member = find(session, centre_no, user_id)
    if member is None:
        raise not_found()
    user = session.get_one(User, member.user_id, with_for_update={"key_share": True})
    session.refresh(member)  # their first sign-in may have made it active meanwhile
    before = member.standing
    after = change(before, wanted, has_signed_in=user.status == "active" and not member.pending)
    if after == before:
        return member_view(user, member)
    if user.id == who.user_id:
        keep_oneself(after)
    keep_an_admin(before, after, _other_admins(session, centre_no, user.id))
    if after.changes_rank_of(before):
        recent.expect(session, who)
    become(session, who, user, member, after)
    return member_view(user, member)


def become(
    session: Session, who: Principal, user: User, member: Membership, after: Standing
) -> None:
    """Let it be so, at once and everywhere: what the rules have to say has been asked."""
    before = member.standing
    member.become(after)
    if after.status != before.status:
        member.left_at = clock.now() if after.status == "deactivated" else None
    if not member.pending:
        _take_effect(session, user, before, after)
        _tell_of_access(session, member.centre_no, user, before, after)
        if not may_sign_in(session, user):
            sessions.end_all(session, user.id, "deactivated")
    difference = _difference(member.centre_no, before, after)
    audit.record(session, who, "user.changed", f"users/{member.handle}", difference)


def _take_effect(session: Session, user: User, before: Standing, after: Standing) -> None:
    """At once and everywhere: what is granted with tokens already issued, what is taken without."""
    if after.keeps_all_of(before):
        accounts.tell_access(session, user)
    else:
        accounts.raise_access_version(session, user)


def _tell_of_access(
    session: Session, centre_no: str, user: User, before: Standing, after: Standing
) -> None:
    if after.uses_iamis and not before.uses_iamis:
        centre = session.get_one(Centre, centre_no).name
        post.write(
            session,
            user,
            "access-granted",
            lambda: letters.access_granted(centre, post.sign_in()),
        )


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
