"""The accounts of a centre, as its admins see them."""

from dataclasses import dataclass
from typing import Self

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from services.identity.domain.accounts import (
    AccountType,
    Language,
    Restrictions,
    Status,
    email_key,
)
from services.identity.models import Membership, User
from shared.access.rules import not_found
from shared.folding import folded
from shared.mail.queue import given_up_at

# What the centre finds somebody by: their name, or the one it wrote itself.
SEARCH_KEY = func.coalesce(Membership.invited_key, User.search_key)
BY_SURNAME = (SEARCH_KEY, Membership.handle)


class RestrictionsView(TypedDict):
    """What alone the account sees of the centre; empty lists are no restriction."""

    qualifications: list[str]
    papers: list[str]
    teaching_sets: list[str]


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
    restrictions: RestrictionsView


class OneMemberView(MemberView):
    """`mail_failed_at` is when the last mail to the person was given up, null where it went."""

    mail_failed_at: str | None


class MembersPage(TypedDict):
    """One page of a centre's accounts; `total` counts all that match."""

    users: list[MemberView]
    total: int
    page: int
    rows: int


@dataclass(frozen=True)
class Person:
    """Who somebody is to the centre: of who has not accepted yet, what the centre wrote itself."""

    email: str
    first_name: str
    last_name: str
    language: Language

    @classmethod
    def of(cls, user: User, member: Membership) -> Self:
        if member.pending:
            return cls(**member.invited_as)
        return cls(user.email, user.first_name, user.last_name, user.language)

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


def find(session: Session, centre_no: str, handle: str) -> Membership | None:
    """Somebody of the centre, by the id that the centre knows them by."""
    return session.scalars(select(Membership).filter_by(centre_no=centre_no, handle=handle)).first()


def member_view(user: User, member: Membership) -> MemberView:
    person = Person.of(user, member)
    return {
        "id": member.handle,
        "email": person.email,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "account_type": member.account_type,
        "iamis": member.standing.may_use_iamis,
        "language": person.language,
        "status": member.status,
        "restrictions": restrictions_view(member.standing.restrictions),
    }


def restrictions_view(restrictions: Restrictions) -> RestrictionsView:
    return {
        "qualifications": list(restrictions.qualifications),
        "papers": list(restrictions.papers),
        "teaching_sets": list(restrictions.teaching_sets),
    }


def member(session: Session, centre_no: str, user_id: str) -> OneMemberView:
    """One account of a centre; of who has not accepted only the mail of this centre counts."""
    found = find(session, centre_no, user_id)
    if found is None:
        raise not_found()
    known_as = (found.handle,) if found.pending else (found.handle, found.user_id)
    failed_at = given_up_at(session, *known_as)
    return {
        **member_view(session.get_one(User, found.user_id), found),
        "mail_failed_at": failed_at.isoformat() if failed_at else None,
    }


def members(session: Session, centre_no: str, page: int, rows: int, search: str) -> MembersPage:
    """A page of a centre's accounts by surname; `search` is any part of name or email."""
    found = _members(centre_no, search)
    total = session.scalar(select(func.count()).select_from(found.subquery())) or 0
    ordered = found.order_by(*BY_SURNAME).limit(rows).offset((page - 1) * rows)
    users = [member_view(user, member) for user, member in session.execute(ordered)]
    return {"users": users, "total": total, "page": page, "rows": rows}


def every(session: Session, centre_no: str, search: str) -> list[MemberView]:
    """All accounts of a centre that match, as `members` has them by page."""
    ordered = _members(centre_no, search).order_by(*BY_SURNAME)
    return [member_view(user, member) for user, member in session.execute(ordered)]


def _members(centre_no: str, search: str) -> Select[User, Membership]:
    found = (
        select(User, Membership)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.centre_no == centre_no)
    )
    wanted = folded(search)
    if not wanted:
        return found
    return found.where(
        or_(
            SEARCH_KEY.contains(wanted, autoescape=True),
            User.email_key.contains(email_key(search), autoescape=True),
        )
    )
