"""Signing in, step by step: e-mail and password, a new password where asked, then a code.

A refusal is returned through the transaction and raised after it, so that the failed attempt
stays counted.
"""

import secrets
from datetime import timedelta
from typing import Literal, NotRequired

import pyotp
from sqlalchemy import delete, update
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from services.identity import queries
from services.identity.commands import attempts, passwords, sessions, trail
from services.identity.domain import codes
from services.identity.domain.passwords import fault, known_of
from services.identity.models import Challenge, Membership, User
from shared import clock
from shared.db import Database
from shared.errors import (
    ConflictError,
    FieldError,
    ProblemError,
    UnauthenticatedError,
    UnprocessableError,
)
from shared.i18n import gettext as _

CHALLENGE_LIFE = timedelta(minutes=10)
RANDOM_BYTES = 32


class Enrolment(TypedDict):
    """What an authenticator app is set up with."""

    secret: str
    otpauth_uri: str


class ChallengeAnswer(TypedDict):
    """What is asked next: a new password first where `password_change` is there, then a code."""

    challenge: str
    mfa: Literal["totp", "enrol"]
    password_change: NotRequired[Literal[True]]
    enrol: NotRequired[Enrolment]


def wrong_credentials() -> UnauthenticatedError:
    return UnauthenticatedError(
        _("The e-mail address or the password is not right."), slug="wrong-credentials"
    )


def wrong_code() -> UnauthenticatedError:
    return UnauthenticatedError(_("The code is not right."), slug="wrong-code")


def used_code() -> UnauthenticatedError:
    return UnauthenticatedError(
        _("This code has been used. Wait for the next one."), slug="used-code"
    )


def challenge_ended() -> UnauthenticatedError:
    return UnauthenticatedError(
        _("This sign-in has ended or took too long. Please begin again."), slug="challenge-ended"
    )


def begin(database: Database, email: str, password: str, address: str) -> ChallengeAnswer:
    """The first step; it takes as long for an account that is not there."""
    with database.transaction() as session:
        attempt_id = attempts.reserve(session, email, address)
        user = queries.user_by_email(session, email)
        password_hash = user.password_hash if user else None
    right = passwords.is_right(password_hash, password)
    with database.transaction() as session:
        user = queries.user_by_email(session, email)
        if right and user is not None and queries.may_sign_in(session, user):
            attempts.release(session, attempt_id)
            return _challenge(session, user)
        trail.by_nobody(session, user, "sign_in.refused", address=address)
    raise wrong_credentials()


def _challenge(session: Session, user: User) -> ChallengeAnswer:
    now = clock.now()
    session.execute(delete(Challenge).where(Challenge.expires_at < now))
    token = secrets.token_urlsafe(RANDOM_BYTES)
    challenge = Challenge(
        id_hash=sessions.digest(token),
        user_id=user.id,
        step="password" if user.must_change_password else "totp",
        new_secret=None if user.totp_secret else pyotp.random_base32(),
        expires_at=now + CHALLENGE_LIFE,
    )
    session.add(challenge)
    return _answer(token, challenge, user)


def _answer(token: str, challenge: Challenge, user: User) -> ChallengeAnswer:
    answer: ChallengeAnswer = {"challenge": token, "mfa": "totp"}
    if challenge.new_secret:
        answer["mfa"] = "enrol"
        answer["enrol"] = {
            "secret": challenge.new_secret,
            "otpauth_uri": codes.otpauth_uri(challenge.new_secret, user.email),
        }
    if challenge.step == "password":
        answer["password_change"] = True
    return answer


def _under_way(session: Session, token: str) -> tuple[Challenge, User]:
    """The sign-in of this challenge and its account, locked."""
    challenge = session.get(Challenge, sessions.digest(token), with_for_update=True)
    if challenge is not None and challenge.expires_at > clock.now():
        user = session.get_one(User, challenge.user_id, with_for_update=True)
        if queries.may_sign_in(session, user):
            return challenge, user
    raise challenge_ended()


def choose_password(database: Database, token: str, new_password: str) -> ChallengeAnswer:
    """The step after a temporary password."""
    with database.reading() as session:
        _challenge_row, user = _asked_for_password(session, token)
        old_hash = user.password_hash
        wrong = fault(new_password, known_of(user.first_name, user.last_name, user.email))
    if not wrong and passwords.is_right(old_hash, new_password):
        wrong = _("Choose a password other than the one you were given.")
    if wrong:
        raise UnprocessableError(wrong, errors=[FieldError("/new_password", wrong)])
    new_hash = passwords.hash_password(new_password)
    with database.transaction() as session:
        challenge, user = _asked_for_password(session, token)
        user.password_hash, user.must_change_password = new_hash, False
        challenge.step = "totp"
        trail.by_owner(session, user, "password.changed")
        return _answer(token, challenge, user)


def _asked_for_password(session: Session, token: str) -> tuple[Challenge, User]:
    challenge, user = _under_way(session, token)
    if challenge.step != "password":
        raise ConflictError(_("No new password is asked for now."), slug="no-password-change")
    return challenge, user


def confirm(database: Database, token: str, code: str, address: str) -> sessions.TokenAnswer:
    """The last step: a code that was not used before opens the session."""
    with database.transaction() as session:
        outcome = _confirm(session, token, code, address)
    if isinstance(outcome, ProblemError):
        raise outcome
    return outcome


def _confirm(
    session: Session, token: str, code: str, address: str
) -> sessions.TokenAnswer | UnauthenticatedError:
    challenge, user = _under_way(session, token)
    if challenge.step == "password":
        raise ConflictError(_("Choose a new password first."), slug="password-change-first")
    attempt_id = attempts.reserve(session, user.email, address)
    secret = _secret_of(challenge, user)
    enrols = user.totp_secret is None
    timecode = codes.timecode_of(secret, code, clock.now())
    if timecode is None:
        trail.by_nobody(session, user, "sign_in.code_refused", address=address)
        return wrong_code()
    attempts.release(session, attempt_id)
    if not _claim_code(session, user, secret, timecode):
        trail.by_nobody(session, user, "sign_in.code_reused", address=address)
        return used_code()
    session.delete(challenge)
    return _complete(session, user, address, enrolled=enrols)


def _secret_of(challenge: Challenge, user: User) -> str:
    """The account's own secret; the one offered counts only as long as there is none."""
    secret = user.totp_secret or challenge.new_secret
    if not secret:
        raise challenge_ended()
    return secret


def _claim_code(session: Session, user: User, secret: str, timecode: int) -> bool:
    """Take the code of this step of time, once; the first one taken enrols its secret."""
    claim = (
        update(User)
        .where(User.id == user.id, User.totp_last_timecode < timecode)
        .values(totp_last_timecode=timecode, totp_secret=secret)
        .returning(User.id)
    )
    return session.execute(claim).first() is not None


def _complete(
    session: Session, user: User, address: str, *, enrolled: bool
) -> sessions.TokenAnswer:
    attempts.forget(session, user.email, address)
    user.status = "active"
    session.execute(
        update(Membership)
        .where(Membership.user_id == user.id, Membership.status == "invited")
        .values(status="active")
    )
    trail.by_owner(session, user, "sign_in.completed", address=address, enrolled=enrolled)
    return sessions.start(session, user, address)
