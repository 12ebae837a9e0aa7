"""What is read of accounts: the shapes that answers show, and whom a token speaks for."""

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from services.identity.domain.accounts import (
    AccountType,
    Language,
    Role,
    Status,
    email_key,
    search_key,
)
from services.identity.models import AllocationRecord, Centre, Membership, Paper, User
from shared.access import principal


class CentreView(TypedDict):
    """What the account is in one of its centres."""

    centre_no: str
    name: str
    account_type: AccountType
    iamis: bool


class UserView(TypedDict):
    """The signed-in account; `centre_no` is that of its first centre."""

    id: str
    email: str
    first_name: str
    last_name: str
    name: str
    role: Role
    centre_no: str | None
    centres: list[CentreView]
    language: Language


class MemberView(TypedDict):
    """An account as the admins of a centre see it."""

    id: str
    email: str
    first_name: str
    last_name: str
    account_type: AccountType
    iamis: bool
    language: Language
    status: Status


class AllocationView(TypedDict):
    """A moderator and what is theirs to moderate."""

    id: str
    user_id: str
    email: str
    name: str
    centre_no: str
    centre_name: str
    paper_id: str
    paper_code: str
    paper_title: str
    allocated_at: str


class AllocationsPage(TypedDict):
    """One page of the allocations; `total` counts all that match."""

    allocations: list[AllocationView]
    total: int
    page: int
    rows: int


class ModeratorView(TypedDict):
    """Where a centre sends its sample."""

    name: str
    email: str
    address: str


class MembersPage(TypedDict):
    """One page of a centre's accounts; `total` counts all that match."""

    users: list[MemberView]
    total: int
    page: int
    rows: int


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


def principal_of(session: Session, user: User, session_id: str = "") -> principal.Principal:
    """Whom a token of this account speaks for; without a session it cannot sign out of one."""
    return principal.Principal(
        user_id=user.id,
        name=user.name,
        kind=user.kind,
        centres={
            centre.no: principal.Membership(member.account_type, member.iamis)
            for member, centre in _active_centres(session, user)
        },
        language=user.language,
        access_version=user.access_version,
        session_id=session_id,
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
    }


def _role(user: User, centres: list[CentreView]) -> Role:
    if user.kind != "centre":
        return user.kind
    return centres[0]["account_type"] if centres else "user"


def member_view(user: User, member: Membership) -> MemberView:
    return {
        "id": user.id,
        "email": user.email,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "account_type": member.account_type,
        "iamis": member.standing.may_use_iamis,
        "language": user.language,
        "status": member.status,
    }


def members(session: Session, centre_no: str, page: int, rows: int, search: str) -> MembersPage:
    """A page of a centre's accounts by surname; `search` is any part of name or e-mail."""
    found = _members(centre_no, search)
    total = session.scalar(select(func.count()).select_from(found.subquery())) or 0
    ordered = found.order_by(User.search_key, User.id).limit(rows).offset((page - 1) * rows)
    users = [member_view(user, member) for user, member in session.execute(ordered)]
    return {"users": users, "total": total, "page": page, "rows": rows}


def _members(centre_no: str, search: str) -> Select[User, Membership]:
    found = (
        select(User, Membership)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.centre_no == centre_no)
    )
    wanted = search_key(search)
    if not wanted:
        return found
    return found.where(
        or_(
            User.search_key.contains(wanted, autoescape=True),
            User.email_key.contains(email_key(search), autoescape=True),
        )
    )


def allocation_record(
    session: Session, user_id: str, centre_no: str, paper_id: str
) -> AllocationRecord | None:
    return session.scalars(
        select(AllocationRecord).filter_by(user_id=user_id, centre_no=centre_no, paper_id=paper_id)
    ).first()


def _allocations() -> Select[AllocationRecord, User, Centre, Paper]:
    return (
        select(AllocationRecord, User, Centre, Paper)
        .join(User, User.id == AllocationRecord.user_id)
        .join(Centre, Centre.no == AllocationRecord.centre_no)
        .join(Paper, Paper.id == AllocationRecord.paper_id)
    )


def _allocation_view(
    record: AllocationRecord, user: User, centre: Centre, paper: Paper
) -> AllocationView:
    return {
        "id": record.id,
        "user_id": user.id,
        "email": user.email,
        "name": user.name,
        "centre_no": centre.no,
        "centre_name": centre.name,
        "paper_id": paper.id,
        "paper_code": paper.code,
        "paper_title": paper.full_title,
        "allocated_at": record.allocated_at.isoformat(),
    }


def allocation_view(session: Session, record: AllocationRecord) -> AllocationView:
    found = session.execute(_allocations().where(AllocationRecord.id == record.id)).one()
    return _allocation_view(*found)


def allocations(session: Session, page: int, rows: int, search: str) -> AllocationsPage:
    """A page of allocations by centre; `search` is part of a name, e-mail, centre or paper code."""
    found = _allocations()
    if search:
        found = found.where(
            or_(
                User.search_key.contains(search_key(search), autoescape=True),
                User.email_key.contains(email_key(search), autoescape=True),
                Centre.no.contains(search, autoescape=True),
                Paper.code.contains(search.upper(), autoescape=True),
            )
        )
    total = session.scalar(select(func.count()).select_from(found.subquery())) or 0
    ordered = found.order_by(Centre.no, Paper.full_title, User.search_key, AllocationRecord.id)
    shown = session.execute(ordered.limit(rows).offset((page - 1) * rows))
    views = [_allocation_view(*row) for row in shown]
    return {"allocations": views, "total": total, "page": page, "rows": rows}


def moderator(session: Session, centre_no: str, paper_id: str) -> ModeratorView | None:
    """Who moderates the centre's paper: of several, the one allocated last."""
    user = session.scalars(
        select(User)
        .join(AllocationRecord, AllocationRecord.user_id == User.id)
        .where(AllocationRecord.centre_no == centre_no, AllocationRecord.paper_id == paper_id)
        .order_by(AllocationRecord.id.desc())
        .limit(1)
    ).first()
    if user is None:
        return None
    return {"name": user.name, "email": user.email, "address": user.address}
