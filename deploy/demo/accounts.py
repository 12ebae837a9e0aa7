"""The centres and accounts of the demo, with secrets of this installation alone."""

import json
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pyotp
from sqlalchemy import select
from sqlalchemy.orm import Session

from deploy.demo.catalogue import PEOPLE
from services.identity import queries
from services.identity.app import SERVICE
from services.identity.commands.accounts import NewUser, Place, add_centre, add_user
from services.identity.commands.signing import mint
from services.identity.models import User
from shared import runtime
from shared.launcher.files import write_whole
from shared.settings import Settings

FILE = "demo-accounts.json"
ACCOUNT_TYPES: Mapping[str, Literal["admin", "user"]] = {
    "admin": "admin",
    "user": "user",
    "user-no-iamis": "user",
}
PASSWORD_BYTES = 9
# The tokens of the demo belong to no session that could be ended.
DEMO_SESSION = "demo"


@dataclass(frozen=True)
class Signed:
    """An account of the demo and an access token for it."""

    role: str
    email: str
    centre_no: str | None
    token: str = field(repr=False)


def make_accounts(settings: Settings) -> list[Signed]:
    """Make what is missing and write `demo-accounts.json`."""
    accounts = _read(settings.home / FILE) or [_with_secrets(one) for one in PEOPLE["accounts"]]
    # Written first: an interrupted start must find the secrets of the accounts it has made.
    write_whole(settings.home / FILE, json.dumps(accounts, indent=2, ensure_ascii=False) + "\n")
    with _identity() as session:
        for number, name in PEOPLE["centres"]:
            add_centre(session, number, name)
        session.flush()
        return [_signed(session, one, _person(one)) for one in accounts]


def _read(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(path.read_text("utf-8")) if path.exists() else []
    return found


def _with_secrets(person: Mapping[str, Any]) -> dict[str, Any]:
    """An entry of `demo-accounts.json`."""
    return {
        "email": person["email"],
        "password": secrets.token_urlsafe(PASSWORD_BYTES) + "-Demo",
        "totp_secret": pyotp.random_base32(),
        "role": person["role"],
        "centre_no": person["centre_no"],
        "name": f"{person['first_name']} {person['last_name']}",
    }


def _person(account: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = next(
        one for one in PEOPLE["accounts"] if one["email"] == account["email"]
    )
    return found


@contextmanager
def _identity() -> Iterator[Session]:
    """A transaction on identity's database."""
    database = runtime.open_database(SERVICE)
    try:
        with database.transaction() as session:
            yield session
    finally:
        database.close()


def _signed(session: Session, account: Mapping[str, Any], person: Mapping[str, Any]) -> Signed:
    user = session.scalars(select(User).where(User.email_key == account["email"])).first()
    if user is None:
        user = add_user(session, _new_user(account, person))
    token = mint(session, queries.principal_of(session, user, DEMO_SESSION))
    return Signed(account["role"], account["email"], account["centre_no"], token)


def _new_user(account: Mapping[str, Any], person: Mapping[str, Any]) -> NewUser:
    role = account["role"]
    places: tuple[Place, ...] = ()
    if account["centre_no"]:
        account_type = ACCOUNT_TYPES[role]
        places = (Place(account["centre_no"], account_type, iamis=role != "user-no-iamis"),)
    return NewUser(
        kind=person["kind"],
        email=account["email"],
        first_name=person["first_name"],
        last_name=person["last_name"],
        password=account["password"],
        totp_secret=account["totp_secret"],
        address=person.get("address", ""),
        places=places,
    )
