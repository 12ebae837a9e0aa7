"""Codes of an authenticator app: TOTP (RFC 6238), six digits, a new one every 30 seconds."""

from datetime import datetime

import pyotp

from shared.i18n import gettext as _

SECONDS = 30
STEPS_OF_DRIFT = 1


def _totp(secret: str) -> pyotp.TOTP:
    return pyotp.TOTP(secret, interval=SECONDS)


def typed(code: str) -> str:
    """A code as it was meant: authenticator apps show it with a space in the middle."""
    return "".join(code.split())


def timecode_of(secret: str, code: str, at: datetime) -> int | None:
    """The step of time whose code this is, one step of drift allowed; None for a wrong code."""
    try:
        return _totp(secret).verify_and_get_timecode(
            typed(code), for_time=at, valid_window=STEPS_OF_DRIFT
        )
    except pyotp.OTPVerificationError:
        return None


def code_at(secret: str, at: datetime) -> str:
    return _totp(secret).at(at)


def seconds_left(at: datetime) -> int:
    """How long the code of this instant is still shown."""
    return SECONDS - int(at.timestamp()) % SECONDS


def otpauth_uri(secret: str, email: str) -> str:
    """What the QR code of an enrolment holds."""
    return _totp(secret).provisioning_uri(name=email, issuer_name=_("IAMIS"))
