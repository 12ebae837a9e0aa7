"""What is read of accounts: the shapes that answers show, and whom a token speaks for."""

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from services.identity.domain.accounts import (
    AccountType,
    Language,
    Role,
    email_key,
)
from services.identity.models import Centre, Membership, User
from services.identity.queries import restricted
from shared.access import principal


class CentreView(TypedDict):
    """What the account is in one of its centres."""

    centre_no: str
    name: str
    account_type: AccountType
    iamis: bool


class UserView(TypedDict):
    """The signed-in account; `centre_no` is that of its first centre.

    `invitations` is how many centres wait for an answer of theirs.
    """

    id: str
    email: str
    first_name: str
    last_name: str
    name: str
    role: Role
    centre_no: str | None
    centres: list[CentreView]
    language: Language
    invitations: int


def user_by_email(session: Session, email: str) -> User | None:
    if not email.isprintable():
        return None
    return session.scalars(select(User).where(User.email_key == email_key(email))).first()


def may_sign_in(session: Session, user: User) -> bool:
    """Whether the account is in use: a centre's account only while a centre keeps it."""
    if user.status == "deactivated" or user.kind != "centre":
        return user.status != "deactivated"
    kept = exists().where(Membership.user_id == user.id, Membership.status != "deactivated")
    return bool(session.scalar(select(kept)))


def _active_centres(session: Session, user: User) -> list[tuple[Membership, Centre]]:
    if user.kind != "centre":
        return []
    rows = session.execute(
        select(Membership, Centre)
        .join(Centre, Centre.no == Membership.centre_no)
        .where(Membership.user_id == user.id, Membership.status == "active")
        .order_by(Centre.no)
    )
    return [(membership, centre) for membership, centre in rows]


def principal_of(
    session: Session, user: User, session_id: str = "", authenticated_at: int = 0
) -> principal.Principal:
    """Whom a token of this account speaks for; without a session it cannot sign out of one."""
    return principal.Principal(
        user_id=user.id,
        name=user.name,
        kind=user.kind,
        centres=restricted.places(
            session, [member for member, _centre in _active_centres(session, user)]
        ),
        language=user.language,
        access_version=user.access_version,
        session_id=session_id,
        authenticated_at=authenticated_at,
    )


def user_view(session: Session, user: User) -> UserView:
    centres: list[CentreView] = [
        {
            "centre_no": centre.no,
            "name": centre.name,
            "account_type": member.account_type,
            "iamis": member.standing.may_use_iamis,
        }
        for member, centre in _active_centres(session, user)
    ]
    return {
        "id": user.id,
        "email": user.email,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "name": user.name,
        "role": _role(user, centres),
        "centre_no": centres[0]["centre_no"] if centres else None,
        "centres": centres,
        "language": user.language,
        "invitations": session.scalar(select(func.count()).where(is_invited(user.id))) or 0,
    }


def is_invited(user_id: str) -> ColumnElement[bool]:
    """Of a membership of somebody: that the centre invites them, and waits for their answer."""
    may_join = exists().where(User.id == Membership.user_id, User.kind == "centre")
    return and_(
        Membership.user_id == user_id,
        Membership.status == "invited",
        Membership.invited_key.is_not(None),
        may_join,
    )


def _role(user: User, centres: list[CentreView]) -> Role:
    if user.kind != "centre":
        return user.kind
    return centres[0]["account_type"] if centres else "user"
