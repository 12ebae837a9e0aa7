"""A sign-in under way: what identity asked for next, kept sealed in the browser's form cookie."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import session

from services.gateway.state import gateway

KEPT_AS = "sign_in"
START = "/"
PASSWORD = "/sign-in/password"  # noqa: S105 # the address of a page
ENROL = "/sign-in/authenticator"
CODE = "/sign-in/code"
RECOVERY = "/sign-in/recovery"
CONFIRM = "/account/confirm"
# A path of ours: no second slash or backslash, which browsers take for another site's address.
LOCAL = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


@dataclass(frozen=True)
class SigningIn:
    """Identity's `challenge`, and how it is to be met; `come_back` is where they wanted to go."""

    challenge: str
    mfa: str
    new_password: bool
    secret: str
    otpauth_uri: str
    come_back: str

    @classmethod
    def of(cls, answer: Mapping[str, Any], come_back: str) -> "SigningIn":
        enrol = answer.get("enrol") or {}
        return cls(
            challenge=answer["challenge"],
            mfa=answer["mfa"],
            new_password=bool(answer.get("password_change")),
            secret=enrol.get("secret", ""),
            otpauth_uri=enrol.get("otpauth_uri", ""),
            come_back=come_back,
        )

    @property
    def step(self) -> str:
        """The page that asks for what is due next."""
        if self.new_password:
            return PASSWORD
        return ENROL if self.mfa == "enrol" else CODE

    def keep(self) -> None:
        session[KEPT_AS] = gateway().seal.close_json(vars(self))


def under_way() -> SigningIn | None:
    """The sign-in this browser has begun, if any."""
    kept = gateway().seal.open_json(session.get(KEPT_AS, ""))
    return SigningIn(**kept) if kept else None


def local_path(wanted: str) -> str:
    """`wanted` if it is a page of ours, else nothing."""
    return wanted if LOCAL.fullmatch(wanted) and not wanted.startswith("/api/") else ""
