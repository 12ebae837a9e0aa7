"""Where a person is signed in, and from which device."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from services.identity.commands import post, sessions, trail
from services.identity.commands.accounts import raise_access_version
from services.identity.domain import letters
from services.identity.domain.devices import Device
from services.identity.models import Family, RefreshToken, User
from shared import clock
from shared.access.rules import not_found
from shared.mail.letter import Letter


class SessionView(TypedDict):
    """One place a person is signed in; `current` is the one that asks."""

    id: str
    device: str
    address: str
    started_at: str
    seen_at: str
    current: bool


class SessionList(TypedDict):
    sessions: list[SessionView]


def signed_in(session: Session, user_id: str, current: str) -> SessionList:
    """Every session that can still be renewed, the one used last first."""
    live = exists().where(
        RefreshToken.family_id == Family.id,
        RefreshToken.rotated_at.is_(None),
        RefreshToken.expires_at > clock.now(),
    )
    found = select(Family).where(Family.user_id == user_id, Family.ended_at.is_(None), live)
    views: list[SessionView] = [
        {
            "id": family.id,
            "device": family.device,
            "address": family.address,
            "started_at": family.started_at.isoformat(),
            "seen_at": family.seen_at.isoformat(),
            "current": family.id == current,
        }
        for family in session.scalars(found.order_by(Family.seen_at.desc(), Family.id))
    ]
    return {"sessions": views}


def sign_out_of(session: Session, user_id: str, family_id: str) -> None:
    """End one session of one's own."""
    family = session.get(Family, family_id)
    if family is None or family.user_id != user_id:
        raise not_found()
    sessions.sign_out(session, family_id)


def sign_out_everywhere(session: Session, user_id: str) -> None:
    user = session.get_one(User, user_id, with_for_update=True)
    sessions.end_all(session, user_id, "sign-out everywhere")
    raise_access_version(session, user)
    trail.by_owner(session, user, "session.all_ended")


def tell_if_new(session: Session, user: User, device: Device) -> None:
    """Mail the owner of an account that is used from a device for the first time; not the first."""
    of_user = Family.user_id == user.id
    earlier = session.scalar(select(exists().where(of_user)))
    known = session.scalar(select(exists().where(of_user, Family.device_hash == device.digest)))
    if not earlier or known:
        return
    when = post.moment(clock.now())

    def letter() -> Letter:
        return letters.new_device(when, device.name, post.page("/account/sessions"))

    post.write(session, user, "new-device", letter)
