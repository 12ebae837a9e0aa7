"""Accounts that belong to no centre: board staff and appointees, made by the board."""

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from services.identity.commands import accounts, post, recent, sessions
from services.identity.commands.invitations import Temporary
from services.identity.domain import letters
from services.identity.domain.accounts import Language, Status, email_key
from services.identity.models import Interest, User
from shared import audit
from shared.access.principal import Principal
from shared.access.rules import not_found
from shared.errors import ConflictError
from shared.folding import folded
from shared.i18n import gettext as _
from shared.mail.letter import Letter
from shared.mail.queue import given_up_at

PersonKind = Literal["board", "appointee"]


class PersonView(TypedDict):
    """One account; `works_at` are the centres an appointee never moderates."""

    id: str
    kind: str
    email: str
    first_name: str
    last_name: str
    language: Language
    address: str
    works_at: list[str]
    status: Status


class OnePersonView(PersonView):
    """`mail_failed_at` is when the last mail to the person was given up, null where it went."""

    mail_failed_at: str | None


class PeoplePage(TypedDict):
    """One page by surname; `total` counts all that match."""

    accounts: list[PersonView]
    total: int
    page: int
    rows: int


@dataclass(frozen=True)
class Wanted:
    """What to change of an account; None leaves it as it is."""

    address: str | None = None
    status: Literal["active", "deactivated"] | None = None


def listed(session: Session, kind: PersonKind, number: int, rows: int, search: str) -> PeoplePage:
    found = _matching(kind, search)
    total = session.scalar(select(func.count()).select_from(found.subquery())) or 0
    ordered = found.order_by(User.search_key, User.id).limit(rows).offset((number - 1) * rows)
    views = _views(session, list(session.scalars(ordered)))
    return {"accounts": views, "total": total, "page": number, "rows": rows}


def _matching(kind: PersonKind, search: str) -> Select[User]:
    found = select(User).where(User.kind == kind)
    wanted = folded(search)
    if not wanted:
        return found
    return found.where(
        or_(
            User.search_key.contains(wanted, autoescape=True),
            User.email_key.contains(email_key(search), autoescape=True),
        )
    )


def _views(session: Session, users: list[User]) -> list[PersonView]:
    held = select(Interest).where(Interest.user_id.in_([user.id for user in users]))
    works_at: dict[str, list[str]] = {}
    for interest in session.scalars(held.order_by(Interest.centre_no)):
        works_at.setdefault(interest.user_id, []).append(interest.centre_no)
    return [
        {
            "id": user.id,
            "kind": user.kind,
            "email": user.email,
            "first_name": user.first_name,
            "last_name": user.last_name,
            "language": user.language,
            "address": user.address,
            "works_at": works_at.get(user.id, []),
            "status": user.status,
        }
        for user in users
    ]


def shown(session: Session, user_id: str) -> OnePersonView:
    (view,) = _views(session, [_expected(session.get(User, user_id))])
    failed_at = given_up_at(session, user_id)
    return {**view, "mail_failed_at": failed_at.isoformat() if failed_at else None}


def _expected(user: User | None) -> User:
    """Accounts of centres are their admins' to see."""
    if user is None or user.kind == "centre":
        raise not_found()
    return user


def add(session: Session, who: Principal, new: accounts.NewUser, given: Temporary) -> PersonView:
    """Make the account, and mail its temporary password (whose hash `new` has)."""
    recent.expect(session, who)
    user = accounts.add_user(session, new, who)

    def letter() -> Letter:
        body, days = _("the awarding body"), accounts.TEMPORARY.days
        return letters.invitation(body, who.name, user.email, given.password, days, post.sign_in())

    post.write(session, user, "invitation", letter)
    return _views(session, [user])[0]


def change(session: Session, who: Principal, user_id: str, wanted: Wanted) -> PersonView:
    """Change a postal address, or take somebody out of use and back into it."""
    user = _expected(session.get(User, user_id, with_for_update=True))
    before = {"address": user.address, "status": user.status}
    if wanted.address is not None:
        user.address = wanted.address
    if wanted.status is not None:
        recent.expect(session, who)
        _become(session, who, user, wanted.status)
    after = {"address": user.address, "status": user.status}
    if after != before:
        change_made = audit.Change({**before}, {**after})
        audit.record(session, who, "user.changed", f"users/{user.id}", change_made)
    return _views(session, [user])[0]


def _become(
    session: Session, who: Principal, user: User, status: Literal["active", "deactivated"]
) -> None:
    """Somebody who has never signed in is invited, and not active, when they come back."""
    if user.id == who.user_id:
        raise ConflictError(_("Nobody takes their own account out of use."), slug="own-account")
    back: Status = "invited" if user.must_change_password else "active"
    user.status = status if status == "deactivated" else back
    accounts.raise_access_version(session, user)
    if status == "deactivated":
        sessions.end_all(session, user.id, "deactivated")
