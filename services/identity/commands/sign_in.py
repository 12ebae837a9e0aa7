"""Signing in, step by step: email and password, a new password where asked, then a code.

A refusal is returned through the transaction and raised after it, so that the failed attempt
stays counted.
"""

import secrets
from datetime import timedelta
from typing import Literal, NotRequired

import pyotp
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from services.identity import queries
from services.identity.commands import (
    attempts,
    counting,
    devices,
    guesses,
    joining,
    passwords,
    second_factor,
    sessions,
    trail,
)
from services.identity.domain import codes
from services.identity.domain.devices import Origin
from services.identity.models import Challenge, User
from shared import clock
from shared.db import Database, after_commit, forget
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
        _("The email address or the password is not right."), slug="wrong-credentials"
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


@counting.refusals_counted()
def begin(database: Database, email: str, password: str, origin: Origin) -> ChallengeAnswer:
    """The first step; it takes as long for an account that is not there."""
    with database.transaction() as session:
        attempt_id = attempts.reserve(session, email, origin.address, origin.device)
        user = queries.user_by_email(session, email)
        password_hash = user.password_hash if user else None
    right = passwords.is_right(password_hash, password)
    with database.transaction() as session:
        user = queries.user_by_email(session, email)
        if right and user is not None and _is_in_use(session, user):
            attempts.release(session, attempt_id)
            return _challenge(session, user)
        trail.refused(session, user, origin.address)
    raise wrong_credentials()


def _is_in_use(session: Session, user: User) -> bool:
    temporary = user.temporary_until if user.must_change_password else None
    in_time = temporary is None or clock.now() < temporary
    return in_time and queries.may_sign_in(session, user)


def _challenge(session: Session, user: User) -> ChallengeAnswer:
    now = clock.now()
    forget(session, Challenge, Challenge.expires_at < now)
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


def _under_way(session: Session, token: str, *, lock: bool = True) -> tuple[Challenge, User]:
    """The sign-in of this challenge and its account, locked to be changed."""
    challenge = session.get(Challenge, sessions.digest(token), with_for_update=lock)
    if challenge is not None and challenge.expires_at > clock.now():
        user = session.get_one(
            User, challenge.user_id, with_for_update={"key_share": True} if lock else None
        )
        if queries.may_sign_in(session, user):
            return challenge, user
    raise challenge_ended()


def choose_password(database: Database, token: str, new_password: str) -> ChallengeAnswer:
    """The step after a temporary password."""
    with database.reading() as session:
        _challenge_row, user = _asked_for_password(session, token, lock=False)
        old_hash = user.password_hash
        wrong = passwords.fault_of(user, new_password)
    if not wrong and passwords.is_right(old_hash, new_password):
        wrong = _("Choose a password other than the one you were given.")
    if wrong:
        raise UnprocessableError(wrong, errors=[FieldError("/new_password", wrong)])
    new_hash = passwords.hash_password(new_password)

    def choose(session: Session) -> ChallengeAnswer:
        challenge, user = _asked_for_password(session, token)
        passwords.set_password(user, new_hash)
        challenge.step = "totp"
        trail.by_owner(session, user, "password.changed")
        return _answer(token, challenge, user)

    return database.run(choose)


def _asked_for_password(
    session: Session, token: str, *, lock: bool = True
) -> tuple[Challenge, User]:
    challenge, user = _under_way(session, token, lock=lock)
    if challenge.step != "password":
        raise ConflictError(_("No new password is asked for now."), slug="no-password-change")
    return challenge, user


@counting.refusals_counted()
def confirm(database: Database, token: str, code: str, origin: Origin) -> sessions.TokenAnswer:
    """The last step: a code that was not used before opens the session."""
    outcome = database.run(lambda session: _confirm(session, token, code, origin))
    if isinstance(outcome, ProblemError):
        raise outcome
    return outcome


def _confirm(
    session: Session, token: str, code: str, origin: Origin
) -> sessions.TokenAnswer | UnauthenticatedError:
    challenge, user = _asked_for_code(session, token)
    attempt_id = attempts.reserve(session, user.email, origin.address, origin.device)
    secret = _secret_of(challenge, user)
    enrols = user.totp_secret is None
    timecode = codes.timecode_of(secret, code, clock.now())
    if timecode is None:
        trail.by_nobody(session, user, "sign_in.code_refused", address=origin.address)
        guesses.note(session, user, challenge)
        return wrong_code()
    attempts.release(session, attempt_id)
    if not second_factor.claim_code(session, user, secret, timecode):
        trail.by_nobody(session, user, "sign_in.code_reused", address=origin.address)
        return used_code()
    return _complete(session, user, challenge, origin, how="enrolled" if enrols else "code")


@counting.refusals_counted()
def recover(database: Database, token: str, code: str, origin: Origin) -> sessions.TokenAnswer:
    """The last step without the device: one of the ten recovery codes, once."""
    outcome = database.run(lambda session: _recover(session, token, code, origin))
    if isinstance(outcome, ProblemError):
        raise outcome
    return outcome


def _recover(
    session: Session, token: str, code: str, origin: Origin
) -> sessions.TokenAnswer | UnauthenticatedError:
    challenge, user = _asked_for_code(session, token)
    attempt_id = attempts.reserve(session, user.email, origin.address, origin.device)
    if user.totp_secret is None or not second_factor.use_code(session, user, code):
        trail.by_nobody(session, user, "sign_in.recovery_refused", address=origin.address)
        guesses.note(session, user, challenge)
        return wrong_code()
    attempts.release(session, attempt_id)
    return _complete(session, user, challenge, origin, how="recovery code")


def _asked_for_code(session: Session, token: str) -> tuple[Challenge, User]:
    challenge, user = _under_way(session, token)
    if challenge.step == "password":
        raise ConflictError(_("Choose a new password first."), slug="password-change-first")
    return challenge, user


def _secret_of(challenge: Challenge, user: User) -> str:
    """The account's own secret; the one offered counts only as long as there is none."""
    secret = user.totp_secret or challenge.new_secret
    if not secret:
        raise challenge_ended()
    return secret


def _complete(
    session: Session, user: User, challenge: Challenge, origin: Origin, how: str
) -> sessions.TokenAnswer:
    guesses.forgive(user, challenge)
    session.delete(challenge)
    attempts.forget(session, user.email, origin)
    if user.status == "invited":
        user.status = "active"
        joining.begin(session, user)
    trail.by_owner(session, user, "sign_in.completed", address=origin.address, how=how)
    devices.tell_if_new(session, user, origin.device)
    after_commit(session, counting.SIGN_INS.labels(counting.COMPLETED).inc)
    return sessions.start(session, user, origin)
