"""What stands in for the authenticator app: recovery codes, and its reset by an admin."""

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from services.identity.commands import passwords, post, recent, sessions, trail
from services.identity.commands.accounts import raise_access_version
from services.identity.domain import letters
from services.identity.models import Challenge, Membership, RecoveryCode, User
from services.identity.queries.members import find
from shared import audit, clock
from shared.access.principal import Principal
from shared.access.rules import not_found
from shared.errors import ConflictError
from shared.i18n import gettext as _
from shared.ids import new_id
from shared.mail.letter import Letter

CODES = 10
# 119 random bits: enough to be kept as a plain hash (OWASP ASVS 5.0, 6.5.2).
GROUPS = 6


def _digest(code: str) -> str:
    """How a code is kept, however it was typed."""
    return sessions.digest("".join(c for c in code.casefold() if c.isalnum()))


def claim_code(session: Session, user: User, secret: str, timecode: int) -> bool:
    """Take the code of this step of time, once; the first one taken enrols its secret."""
    claim = (
        update(User)
        .where(User.id == user.id, User.totp_last_timecode < timecode)
        .values(totp_last_timecode=timecode, totp_secret=secret)
        .returning(User.id)
    )
    return session.execute(claim).first() is not None


def make_codes(session: Session, user: User) -> list[str]:
    """Ten new codes, to be shown this once; earlier ones are no longer good."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    made = [passwords.typeable(GROUPS) for _each in range(CODES)]
    session.add_all(
        RecoveryCode(id=new_id(), user_id=user.id, code_hash=_digest(code)) for code in made
    )
    trail.by_owner(session, user, "recovery_codes.made")
    return made


def codes_left(session: Session, user_id: str) -> int:
    left = select(func.count()).where(
        RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None)
    )
    return session.scalar(left) or 0


def use_code(session: Session, user: User, code: str) -> bool:
    """Take a code, once; the owner is told by mail."""
    used = (
        update(RecoveryCode)
        .where(
            RecoveryCode.user_id == user.id,
            RecoveryCode.code_hash == _digest(code),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=clock.now())
        .returning(RecoveryCode.id)
    )
    if session.execute(used).first() is None:
        return False
    left = codes_left(session, user.id)

    def letter() -> Letter:
        return letters.recovery_code_used(left, post.page("/account"))

    post.write(session, user, "recovery-code-used", letter)
    trail.by_owner(session, user, "recovery_code.used", left=left)
    return True


def reset_of_centre(session: Session, who: Principal, centre_no: str, user_id: str) -> None:
    """An admin lets a person of their centre, and of no other, set up another device.

    Anybody can be added to a centre: of somebody whom others trust too, the board decides.
    """
    here = find(session, centre_no, user_id)
    if here is None:
        raise not_found()
    if here.status == "invited":
        raise ConflictError(_("This person has not signed in yet."), slug="not-signed-in")
    trusted = select(Membership).where(
        Membership.user_id == here.user_id,
        Membership.status != "deactivated",
        Membership.invited_key.is_(None),
    )
    if [place.centre_no for place in session.scalars(trusted)] != [centre_no]:
        said = _("Only the awarding body resets the authenticator app of this person.")
        raise ConflictError(said, slug="not-yours-alone")
    reset(session, who, here.user_id)


def reset(session: Session, who: Principal, user_id: str) -> None:
    """Forget the device and its recovery codes; the password alone opens nothing meanwhile."""
    recent.expect(session, who)
    user = session.get(User, user_id, with_for_update=True)
    if user is None:
        raise not_found()
    enrolled = user.totp_secret is not None
    user.totp_secret = None
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    session.execute(delete(Challenge).where(Challenge.user_id == user.id))
    sessions.end_all(session, user.id, "second factor")
    raise_access_version(session, user)
    post.write(
        session,
        user,
        "second-factor-reset",
        lambda: letters.second_factor_reset(who.name, post.sign_in()),
    )
    change = audit.Change({"enrolled": enrolled}, {"enrolled": False})
    audit.record(session, who, "second_factor.reset", f"users/{user.id}", change)
