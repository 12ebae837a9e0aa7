"""A person's own password: changing it, and choosing another by a link that was mailed.

Asking for a link answers, and costs, the same for known and unknown addresses.
"""

import secrets
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from services.identity import queries
from services.identity.commands import attempts, passwords, post, sessions, trail
from services.identity.commands.accounts import raise_access_version
from services.identity.domain import letters
from services.identity.domain.throttle import Limit, seconds_to_wait, site_of
from services.identity.models import Challenge, PasswordReset, User
from shared import clock
from shared.access.rules import not_found
from shared.db import Database, forget
from shared.errors import FieldError, UnauthenticatedError, UnprocessableError
from shared.i18n import gettext as _
from shared.locks import queue_for
from shared.mail.letter import Letter

LINK_LIFE = timedelta(minutes=30)
RANDOM_BYTES = 32
HOUR = timedelta(hours=1)
LINKS_OF_ONE_ACCOUNT = Limit(3, HOUR)
LINKS_OF_ONE_ADDRESS = Limit(60, HOUR)


def link_ended() -> UnauthenticatedError:
    return UnauthenticatedError(
        _("This link has been used or is too old. Ask for a new one."), slug="link-ended"
    )


def refused(pointer: str, wrong: str) -> UnprocessableError:
    return UnprocessableError(wrong, errors=[FieldError(pointer, wrong)])


def ask_for_link(session: Session, email: str, address: str) -> None:
    """Mail a link to the account of this address, if there is one that may sign in."""
    now, account, site = clock.now(), attempts.account_hash(email), site_of(address)
    forget(session, PasswordReset, PasswordReset.asked_at < now - HOUR)
    queue_for(session, f"links of {account}", f"links from {site}")
    wait = _wait(session, LINKS_OF_ONE_ADDRESS, PasswordReset.address == site)
    if wait:
        raise attempts.too_many(wait)
    spared = _wait(session, LINKS_OF_ONE_ACCOUNT, PasswordReset.account_hash == account)
    user = queries.user_by_email(session, email)
    known = user is not None and queries.may_sign_in(session, user)
    token = secrets.token_urlsafe(RANDOM_BYTES)
    session.add(
        PasswordReset(
            token_hash=sessions.digest(token),
            account_hash=account,
            user_id=user.id if user and known and not spared else None,
            address=site,
            asked_at=now,
        )
    )
    session.flush()
    _mail_link(session, user if known and not spared else None, token)


def _wait(session: Session, limit: Limit, which: ColumnElement[bool]) -> int:
    newest = select(PasswordReset.asked_at).where(which).order_by(PasswordReset.asked_at.desc())
    asked = session.scalars(newest.limit(limit.failures)).all()
    return seconds_to_wait(limit, asked, clock.now())


def _mail_link(session: Session, user: User | None, token: str) -> None:
    def letter() -> Letter:
        minutes = int(LINK_LIFE.total_seconds() // 60)
        return letters.password_reset(minutes, post.page("/reset-password", token=token))

    if user is None:
        post.write_to_nobody(letter)
        return
    trail.by_nobody(session, user, "password.link_asked")
    post.write(session, user, "password-reset", letter)


def choose_by_link(database: Database, token: str, new_password: str) -> None:
    """Set a new password, once for a link; every session of the account ends."""
    with database.reading() as session:
        owner = _owner_of_link(session, token, lock=False)
    new_hash = _hashed(owner, new_password)

    def choose(session: Session) -> None:
        # Of two at once with this link the second finds it used.
        user = _owner_of_link(session, token)
        _replace(session, user, new_hash)
        sessions.end_all(session, user.id, "password")
        trail.by_owner(session, user, "password.reset")

    database.run(choose)


def _owner_of_link(session: Session, token: str, *, lock: bool = True) -> User:
    """The account, locked to be changed; a link that was used, is old or made up is refused."""
    link = session.get(PasswordReset, sessions.digest(token), with_for_update=lock)
    if link is None or link.user_id is None or link.used_at is not None:
        raise link_ended()
    user = session.get_one(User, link.user_id, with_for_update=lock)
    if clock.now() >= link.asked_at + LINK_LIFE or not queries.may_sign_in(session, user):
        raise link_ended()
    return user


def confirm(database: Database, user_id: str, password: str, address: str, pointer: str) -> None:
    """That the person who is signed in knows the password; wrong ones are counted."""
    with database.transaction() as session:
        user = session.get(User, user_id)
        if user is None:
            raise not_found()
        attempt_id = attempts.reserve(session, user.email, address)
        password_hash = user.password_hash
    right = passwords.is_right(password_hash, password)
    with database.transaction() as session:
        if right:
            attempts.release(session, attempt_id)
        else:
            trail.by_owner(session, session.get_one(User, user_id), "password.refused")
    if not right:
        raise refused(pointer, _("This is not your password."))


def change(database: Database, user_id: str, session_id: str, new_password: str) -> None:
    """Set a new password; every other session of the account ends."""
    with database.reading() as session:
        account = session.get_one(User, user_id)
    new_hash = _hashed(account, new_password)

    def replace(session: Session) -> None:
        user = session.get_one(User, user_id, with_for_update=True)
        _replace(session, user, new_hash)
        sessions.end_all(session, user.id, "password", but=session_id)
        trail.by_owner(session, user, "password.changed")

    database.run(replace)


def _hashed(user: User, new_password: str) -> str:
    """The hash to be kept of a password that is chosen; UnprocessableError where it is not good."""
    wrong = passwords.fault_of(user, new_password)
    if wrong:
        raise refused("/new_password", wrong)
    return passwords.hash_password(new_password)


def _replace(session: Session, user: User, new_hash: str) -> None:
    """Set the password; what was begun with another one, or by a mailed link, ends."""
    passwords.set_password(user, new_hash)
    session.execute(delete(Challenge).where(Challenge.user_id == user.id))
    links = update(PasswordReset).where(
        PasswordReset.user_id == user.id, PasswordReset.used_at.is_(None)
    )
    session.execute(links.values(used_at=clock.now()))
    raise_access_version(session, user)
    post.write(
        session,
        user,
        "password-changed",
        lambda: letters.password_changed(post.page("/forgot-password")),
    )
