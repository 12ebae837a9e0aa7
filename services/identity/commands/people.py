"""Accounts that belong to no centre: board staff and appointees, made by the board."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Select, delete, func, or_, select
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from services.identity.commands import accounts, post, recent, sessions
from services.identity.commands.invitations import Temporary
from services.identity.domain import letters
from services.identity.domain.accounts import Language, Status, email_key
from services.identity.models import Interest, User
from services.identity.queries.allocations import allocated_at
from shared import audit
from shared.access.principal import Principal
from shared.access.rules import not_found
from shared.errors import ConflictError, FieldError, UnprocessableError
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
    works_at: Collection[str] | None = None
    worked_at: Collection[str] | None = None
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
    """Change a postal address or own centres, or take somebody out of use and back into it."""
    user = _expected(session.get(User, user_id, with_for_update=True))
    before = _views(session, [user])[0]
    if wanted.address is not None:
        user.address = wanted.address
    if wanted.works_at is not None and user.kind == "appointee":
        _work_at(session, user, set(wanted.works_at), wanted.worked_at)
    if wanted.status is not None:
        recent.expect(session, who)
        _become(session, who, user, wanted.status)
    after = _views(session, [user])[0]
    if after != before:
        change_made = audit.Change(_changeable(before), _changeable(after))
        audit.record(session, who, "user.changed", f"users/{user.id}", change_made)
    return after


def _changeable(view: PersonView) -> dict[str, object]:
    """What the trail says of an account; own centres are for appointees."""
    told: dict[str, object] = {"address": view["address"], "status": view["status"]}
    return told | ({"works_at": view["works_at"]} if view["kind"] == "appointee" else {})


def _work_at(session: Session, user: User, wanted: set[str], seen: Collection[str] | None) -> None:
    """Make these their own centres; refused where one is not known, or is theirs to moderate.

    `seen` are those that whoever wants it had before them.
    """
    accounts.expect_centres(session, sorted(wanted), "/works_at")
    own = {*session.scalars(select(Interest.centre_no).where(Interest.user_id == user.id))}
    if seen is not None and own != set(seen):
        raise _changed_meanwhile(own)
    new = wanted - own
    allocated = allocated_at(session, user.id, new)
    if allocated:
        papers = "; ".join(allocated)
        said = _(
            "This person is allocated to %(papers)s. Remove the allocation first.", papers=papers
        )
        raise UnprocessableError(said, errors=[FieldError("/works_at", said)])
    gone = Interest.user_id == user.id, Interest.centre_no.not_in(wanted)
    session.execute(delete(Interest).where(*gone))
    session.add_all(Interest(user_id=user.id, centre_no=centre_no) for centre_no in new)


def _changed_meanwhile(own: Collection[str]) -> ConflictError:
    there = ", ".join(sorted(own)) or _("none")
    said = _("Somebody else has changed the own centres meanwhile: they are %(now)s.", now=there)
    return ConflictError(said, errors=[FieldError("/works_at", said)], slug="stale-version")


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
