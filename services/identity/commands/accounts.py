"""Making accounts and centres: for the operators' commands, invitations and the demonstration."""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.identity.commands.passwords import hash_password
from services.identity.domain.accounts import (
    AccountType,
    Kind,
    Language,
    Status,
    email_key,
    search_key,
)
from services.identity.models import Centre, Interest, Membership, User
from shared import audit, clock
from shared.access.handlers import on_access_changed
from shared.access.principal import Principal
from shared.errors import ConflictError, FieldError, UnprocessableError
from shared.events.outbox import emit, insert_into
from shared.i18n import gettext as _
from shared.ids import new_id


@dataclass(frozen=True)
class Place:
    """What a new account is to be in a centre."""

    centre_no: str
    account_type: AccountType = "user"
    iamis: bool = False


@dataclass(frozen=True, kw_only=True)
class NewUser:
    """An account to be made.

    `password` and `totp_secret` (base32) are set as they are; `invited` accounts have to choose a
    password of their own. `places` are for accounts of centres; `works_at` names the centres an
    appointee must never moderate, `address` where samples are posted to.
    """

    kind: Kind
    email: str
    first_name: str
    last_name: str
    password: str
    language: Language = "en"
    address: str = ""
    totp_secret: str | None = None
    places: tuple[Place, ...] = ()
    works_at: tuple[str, ...] = ()
    invited: bool = False


def add_centre(session: Session, centre_no: str, name: str) -> Centre:
    """Add a centre, or give the one of that number this name."""
    return session.merge(Centre(no=centre_no, name=name))


def add_user(session: Session, new: NewUser, who: Principal | None = None) -> User:
    """Make the account; refused where its e-mail is taken or a centre is not known.

    `who` made it; without, an operator.
    """
    _expect_centres(session, [*(place.centre_no for place in new.places), *new.works_at])
    status: Status = "invited" if new.invited else "active"
    insert = insert_into(session, User).values(_row(new, status))
    made = insert.on_conflict_do_nothing(index_elements=["email_key"]).returning(User.id)
    user_id = session.scalars(made).first()
    if user_id is None:
        raise ConflictError(
            _("There is an account with this e-mail address already."), slug="email-taken"
        )
    session.add_all(
        Membership(
            user_id=user_id,
            centre_no=place.centre_no,
            account_type=place.account_type,
            iamis=place.iamis,
            status=status,
        )
        for place in new.places
    )
    session.add_all(Interest(user_id=user_id, centre_no=centre_no) for centre_no in new.works_at)
    session.flush()
    after = {
        "email": new.email,
        "kind": new.kind,
        "places": [asdict(place) for place in new.places],
    }
    action = "user.invited" if new.invited else "user.created"
    audit.record(session, who, action, f"users/{user_id}", audit.Change(after=after))
    return session.get_one(User, user_id)


def _row(new: NewUser, status: Status) -> dict[str, Any]:
    return {
        "id": new_id(),
        "kind": new.kind,
        "email": new.email,
        "email_key": email_key(new.email),
        "first_name": new.first_name,
        "last_name": new.last_name,
        "search_key": search_key(new.last_name, new.first_name),
        "language": new.language,
        "address": new.address,
        "password_hash": hash_password(new.password),
        "must_change_password": new.invited,
        "totp_secret": new.totp_secret,
        "totp_last_timecode": 0,
        "access_version": 1,
        "status": status,
        "created_at": clock.now(),
    }


def _expect_centres(session: Session, wanted: list[str]) -> None:
    known = set(session.scalars(select(Centre.no).where(Centre.no.in_(wanted))))
    for centre_no in wanted:
        if centre_no not in known:
            raise unknown_centre(centre_no)


def unknown_centre(centre_no: str) -> UnprocessableError:
    detail = _("There is no centre %(centre_no)s.", centre_no=centre_no)
    return UnprocessableError(detail, errors=[FieldError("/centre_no", detail)])


def raise_access_version(session: Session, user: User) -> None:
    """From now on refuse, here and everywhere, the tokens issued to the user until now."""
    user.access_version += 1
    data = {"user_id": user.id, "access_version": user.access_version}
    on_access_changed(session, emit(session, "user.access_changed.v1", f"users/{user.id}", data))
