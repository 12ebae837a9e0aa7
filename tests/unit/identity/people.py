"""People who sign in: accounts as tests know them, and the steps they take."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyotp
from werkzeug.test import TestResponse

from services.identity.commands.accounts import NewUser, Place, add_user
from services.identity.domain.codes import code_at
from services.identity.models import User
from shared import clock
from tests.support.service import ServiceUnderTest

PASSWORD = "correct-horse-battery"
HOME = "192.0.2.7"
ELSEWHERE = "198.51.100.9"


@dataclass(frozen=True)
class Person:
    """An account and what its owner knows."""

    id: str
    email: str
    secret: str
    password: str = PASSWORD


class Portal:
    """Identity as people and programs meet it."""

    def __init__(self, service: ServiceUnderTest) -> None:
        self.service = service

    def add(self, email: str, *, enrolled: bool = True, **given: Any) -> Person:
        """An account; a centre's unless `kind` says otherwise, an admin's unless `places` do."""
        secret = pyotp.random_base32()
        new: dict[str, Any] = {
            "kind": "centre",
            "first_name": "Carys",
            "last_name": "Griffiths",
            "password": PASSWORD,
            "totp_secret": secret if enrolled else None,
        }
        if given.get("kind", "centre") == "centre":
            new["places"] = (Place("68101", "admin"),)
        with self.service.transaction() as session:
            user = add_user(session, NewUser(email=email, **(new | given)))
            return Person(user.id, email, secret)

    def post(
        self, path: str, body: Mapping[str, Any], *, address: str = HOME, token: str = ""
    ) -> TestResponse:
        return self.call("POST", path, address=address, token=token, json=body)

    def call(
        self, method: str, path: str, *, address: str = HOME, token: str = "", **options: Any
    ) -> TestResponse:
        headers = {"X-Forwarded-For": address} | options.pop("headers", {})
        if token:
            headers["Authorization"] = f"Bearer {token}"
        return self.service.call(method, f"/api/identity{path}", headers=headers, **options)

    def begin(self, person: Person, *, password: str = "", address: str = HOME) -> TestResponse:
        body = {"email": person.email, "password": password or person.password}
        return self.post("/sign-in", body, address=address)

    def confirm(self, begun: Mapping[str, Any], code: str, *, address: str = HOME) -> TestResponse:
        body = {"challenge": begun["challenge"], "code": code}
        return self.post("/sign-in/totp", body, address=address)

    def sign_in(self, person: Person, *, address: str = HOME) -> dict[str, Any]:
        """Both steps; the answer with the tokens."""
        begun = self.begin(person, address=address)
        assert begun.status_code == 200, begun.text
        answer = self.confirm(begun.json or {}, code(person.secret), address=address)
        assert answer.status_code == 200, answer.text
        return dict(answer.json or {})

    def refresh(self, token: str) -> TestResponse:
        return self.post("/token/refresh", {"refresh_token": token})

    def user(self, person: Person) -> User:
        """The row, as it is now."""
        with self.service.database.reading() as session:
            user = session.get_one(User, person.id)
            session.expunge(user)
            return user


def code(secret: str) -> str:
    return code_at(secret, clock.now())


def wrong(right: str) -> str:
    """A code of six digits that is not near the right one."""
    return f"{(int(right) + 500_001) % 1_000_000:06d}"
