"""Making accounts and centres: for the operators' commands, invitations and the demonstration."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.identity.commands.passwords import hash_password
from services.identity.commands.signing import TAKEN_FOR
from services.identity.domain.accounts import (
    UNRESTRICTED,
    AccountType,
    Kind,
    Language,
    Restrictions,
    Status,
    email_key,
)
from services.identity.models import Centre, Family, Interest, Membership, ServiceAccount, User
from services.identity.queries import principal_of
from shared import audit, clock
from shared.access.handlers import on_access_changed
from shared.access.models import AccessVersion
from shared.access.principal import Principal
from shared.access.rules import not_found
from shared.errors import ConflictError, FieldError, UnprocessableError
from shared.events.outbox import emit, insert_into
from shared.folding import folded
from shared.i18n import gettext as _
from shared.ids import CENTRE_NO, new_id

FIRST_VERSION = 1
# How long a password that came by mail is good for.
TEMPORARY = timedelta(days=14)


@dataclass(frozen=True)
class Place:
    """What a new account is to be in a centre."""

    centre_no: str
    account_type: AccountType = "user"
    iamis: bool = False
    restrictions: Restrictions = UNRESTRICTED


@dataclass(frozen=True, kw_only=True)
class NewUser:
    """An account to be made.

    `password` (or its hash, made before) and `totp_secret` (base32) are set as they are; `invited`
    accounts have to choose a password of their own. `places` are for accounts of centres;
    `works_at` names the centres an appointee must never moderate, `address` where samples are
    posted to.
    """

    kind: Kind
    email: str
    first_name: str
    last_name: str
    password: str = ""
    password_hash: str = ""
    language: Language = "en"
    address: str = ""
    totp_secret: str | None = None
    places: tuple[Place, ...] = ()
    works_at: tuple[str, ...] = ()
    invited: bool = False


def add_centre(session: Session, centre_no: str, name: str) -> Centre:
    """Add a centre, or give the one of that number this name."""
    return session.merge(Centre(no=centre_no, name=name))


def name_centre(session: Session, who: Principal, centre_no: str, name: str) -> None:
    """As `add_centre`, for the board: by a number that is one, and noted."""
    if not CENTRE_NO.fullmatch(centre_no):
        raise not_found()
    known = session.get(Centre, centre_no)
    before = {"centre_no": centre_no, "name": known.name} if known else {}
    add_centre(session, centre_no, name)
    change = audit.Change(before, {"centre_no": centre_no, "name": name})
    audit.record(session, who, "centre.named", f"centres/{centre_no}", change)


def add_user(session: Session, new: NewUser, who: Principal | None = None) -> User:
    """As `make_user`, and refused where its email is taken."""
    user = make_user(session, new, who)
    if user is None:
        raise email_taken()
    return user


def make_user(session: Session, new: NewUser, who: Principal | None = None) -> User | None:
    """Make the account, None where its email is taken; refused where a centre is not known.

    `who` made it; without, an operator.
    """
    expect_centres(session, [place.centre_no for place in new.places])
    expect_centres(session, new.works_at, "/works_at")
    status: Status = "invited" if new.invited else "active"
    insert = insert_into(session, User).values(_row(new, status))
    made = insert.on_conflict_do_nothing(index_elements=["email_key"]).returning(User.id)
    user_id = session.scalars(made).first()
    if user_id is None:
        return None
    session.add_all(
        Membership(
            user_id=user_id,
            centre_no=place.centre_no,
            account_type=place.account_type,
            iamis=place.iamis,
            status=status,
            restrictions=asdict(place.restrictions),
        )
        for place in new.places
    )
    session.add_all(Interest(user_id=user_id, centre_no=centre_no) for centre_no in new.works_at)
    session.flush()
    action = "user.invited" if new.invited else "user.created"
    change = made_change(new.email, new.kind, *new.places)
    audit.record(session, who, action, f"users/{user_id}", change)
    return session.get_one(User, user_id)


def made_change(email: str, kind: Kind, *places: Place) -> audit.Change:
    """What the trail says of an account that is made, or invited: whether it was there or not."""
    after = {"email": email, "kind": kind, "places": [asdict(place) for place in places]}
    if len(places) == 1:
        after["centre_no"] = places[0].centre_no
    return audit.Change(after=after)


def _row(new: NewUser, status: Status) -> dict[str, Any]:
    return {
        "id": new_id(),
        "kind": new.kind,
        "email": new.email,
        "email_key": email_key(new.email),
        "first_name": new.first_name,
        "last_name": new.last_name,
        "search_key": folded(new.last_name, new.first_name),
        "language": new.language,
        "address": new.address,
        "password_hash": new.password_hash or hash_password(new.password),
        "must_change_password": new.invited,
        "temporary_until": clock.now() + TEMPORARY if new.invited else None,
        "totp_secret": new.totp_secret,
        "totp_last_timecode": 0,
        "wrong_codes": 0,
        "access_version": 1,
        "status": status,
        "created_at": clock.now(),
    }


def email_taken() -> ConflictError:
    return ConflictError(
        _("There is an account with this email address already."), slug="email-taken"
    )


def expect_centres(session: Session, wanted: Sequence[str], pointer: str = "/centre_no") -> None:
    """UnprocessableError, of what `pointer` names, where one is not known."""
    known = set(session.scalars(select(Centre.no).where(Centre.no.in_(wanted))))
    for centre_no in wanted:
        if centre_no not in known:
            raise unknown_centre(centre_no, pointer)


def unknown_centre(centre_no: str, pointer: str = "/centre_no") -> UnprocessableError:
    detail = _("There is no centre %(centre_no)s.", centre_no=centre_no)
    return UnprocessableError(detail, errors=[FieldError(pointer, detail)])


def raise_access_version(session: Session, user: User | ServiceAccount) -> None:
    """From now on refuse, here and everywhere, the tokens issued to the user until now."""
    user.access_version += 1
    _tell_of_access(session, user, user.access_version)


def tell_access(session: Session, user: User) -> None:
    """From now on take, here and everywhere, the tokens of the user for what they may do now.

    Only for who has lost nothing but a session: what was refused before is refused still.
    """
    known = session.get(AccessVersion, user.id)
    tokens_from = known.minimum if known else FIRST_VERSION
    user.access_version += 1
    _tell_of_access(session, user, tokens_from)


def _tell_of_access(session: Session, user: User | ServiceAccount, tokens_from: int) -> None:
    session.flush()
    data = access_data(user) | {"tokens_from": tokens_from}
    if isinstance(user, User):
        places = principal_of(session, user).centres
        data["grants"] = {centre_no: place.to_claims() for centre_no, place in places.items()}
        data["ended_sessions"] = _lately_ended(session, user.id)
    event = emit(session, "user.access_changed.v1", access_subject(user), data)
    on_access_changed(session, event)


def _lately_ended(session: Session, user_id: str) -> list[str]:
    """The sessions that ended while a token of theirs may still be in use."""
    since = clock.now() - TAKEN_FOR
    ended = select(Family.id).where(Family.user_id == user_id, Family.ended_at > since)
    return list(session.scalars(ended.order_by(Family.id)))


def access_subject(user: User | ServiceAccount) -> str:
    return f"users/{user.id}"


def access_data(user: User | ServiceAccount) -> dict[str, object]:
    """The data of `user.access_changed.v1`."""
    return {"user_id": user.id, "access_version": user.access_version}
