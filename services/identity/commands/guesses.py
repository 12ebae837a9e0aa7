"""Wrong codes after a right password: counted, told to the owner, and at last the password ends.

The owner's own slips count no more as soon as the sign-in in which they happened is finished.
"""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from services.identity.commands import passwords, post, trail
from services.identity.domain import guessing, letters
from services.identity.models import Challenge, User


def note(session: Session, user: User, challenge: Challenge | None = None) -> None:
    """A code was wrong; the account's row is locked."""
    user.wrong_codes += 1
    if challenge is not None:
        challenge.wrong_codes += 1
    if guessing.ends_password(user.wrong_codes):
        _end_password(session, user)
    elif guessing.is_told(user.wrong_codes):
        forgot = post.page("/forgot-password")
        post.write(session, user, "codes-refused", lambda: letters.codes_refused(forgot))


def forgive(user: User, challenge: Challenge) -> None:
    """The sign-in was finished."""
    user.wrong_codes = max(0, user.wrong_codes - challenge.wrong_codes)


def _end_password(session: Session, user: User) -> None:
    """Only a new password, by a link that goes to the owner, opens the account again."""
    user.password_hash = passwords.hash_password(passwords.random_password())
    user.wrong_codes = 0
    session.execute(delete(Challenge).where(Challenge.user_id == user.id))
    trail.by_nobody(session, user, "password.ended")
    forgot = post.page("/forgot-password")
    post.write(session, user, "password-ended", lambda: letters.password_ended(forgot))
