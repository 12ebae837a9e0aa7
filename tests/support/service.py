"""One service by itself in a test: its real app on a fresh database, no network, no broker."""

import json
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from shared import clock
from shared.access.principal import Kind, Membership, Principal
from shared.access.tokens import ALGORITHM, store_keys
from shared.bus import Message
from shared.db import Database
from shared.events.consumer import Consumer
from shared.events.envelope import Envelope
from shared.events.models import Outbox
from shared.events.schemas import EVENT_TYPES
from shared.ids import new_uuid
from shared.service import Service
from shared.settings import AUDIENCE, ISSUER
from shared.web.app import create_app
from tests.support.databases import CHOICE, Template

KEY = Ed25519PrivateKey.generate()
KID = "test-key"
TOKEN_SECONDS = 600


def public_jwk() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(jwt.algorithms.OKPAlgorithm.to_jwk(KEY.public_key()))
    return {**read, "kid": KID, "alg": ALGORITHM, "use": "sig"}


def principal(
    kind: Kind, *, user_id: str = "", centres: Mapping[str, Membership] | None = None
) -> Principal:
    return Principal(user_id or f"{kind}-1", "Ann O'Neill-Ŵyn", kind, centres or {}, "en", 1)


def admin_of(centre_no: str) -> Principal:
    return principal(
        "centre", user_id=f"admin-{centre_no}", centres={centre_no: Membership("admin", iamis=True)}
    )


def teacher_of(centre_no: str, *, iamis: bool = True) -> Principal:
    member = Membership("user", iamis=iamis)
    return principal("centre", user_id=f"teacher-{centre_no}", centres={centre_no: member})


def teacher_of_sets(centre_no: str, *teaching_sets: str) -> Principal:
    """A teacher who is restricted to the candidates of these teaching sets."""
    member = Membership("user", iamis=True, teaching_sets=frozenset(teaching_sets))
    return principal("centre", user_id=f"sets-{centre_no}", centres={centre_no: member})


BOARD = principal("board")
MODERATOR = principal("appointee")


def token_for(who: Principal) -> str:
    now = int(clock.now().timestamp())
    claims = who.to_claims() | {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "iat": now,
        "exp": now + TOKEN_SECONDS,
        "auth_time": who.authenticated_at or now,
    }
    return jwt.encode(claims, KEY, algorithm=ALGORITHM, headers={"kid": KID})


def migrated_database(service: Service, folder: Path) -> Template:
    """An empty, migrated database of the service, to be copied for each test."""
    return CHOICE.template(service, folder, know_key)


def know_key(database: Database) -> None:
    """Have the database know the key that the tests sign tokens with."""
    with database.transaction() as session:
        store_keys(session, [public_jwk()])


class ServiceUnderTest:
    """The app, a client that speaks for a principal, events in and events out."""

    def __init__(self, service: Service, template: Template, folder: Path) -> None:
        self._copy = template.copy(folder)
        self.database = Database(self._copy.url, service.name)
        self.app = create_app(service.routes, self.database, public=service.public)
        service.extend(self.app)
        self._client = self.app.test_client()
        self.handled = frozenset(service.handlers)
        self._consumer = Consumer(self.database, service.handlers)
        self._sequence = 0

    def call(
        self, method: str, path: str, as_: Principal | None = None, **options: Any
    ) -> TestResponse:
        """Send a request, as `as_` or as nobody; `options` are those of Werkzeug's client."""
        headers = dict(options.pop("headers", {}))
        if as_ is not None:
            headers["Authorization"] = f"Bearer {token_for(as_)}"
        return self._client.open(path, method=method, headers=headers, **options)

    def deliver(
        self,
        key: str,
        subject: str,
        data: Mapping[str, Any],
        *,
        sequence: int = 0,
        event_id: str = "",
    ) -> Envelope:
        """Hand the service an event as the bus would; without a sequence it is the newest yet."""
        self._sequence = sequence or self._sequence + 1
        envelope = Envelope(
            id=event_id or new_uuid(),
            key=key,
            subject=subject,
            time="2031-05-01T12:00:00Z",
            sequence=self._sequence,
            traceparent="",
            data=dict(data),
        )
        exchange = EVENT_TYPES[key].exchange
        self._consumer.handle(
            Message(envelope.id, exchange, envelope.routing_key, envelope.to_json())
        )
        return envelope

    def emitted(self, key: str = "") -> list[Envelope]:
        """The events in the outbox, oldest first; only those of type `key` where given."""
        with self.database.reading() as session:
            rows = session.scalars(select(Outbox).order_by(Outbox.position)).all()
            events = [Envelope.from_json(row.body) for row in rows]
        return [event for event in events if key in {"", event.key}]

    def transaction(self) -> AbstractContextManager[Session]:
        return self.database.transaction()

    def allocate(self, centre_no: str, paper_id: str, who: Principal = MODERATOR) -> None:
        data = {"user_id": who.user_id, "centre_no": centre_no, "paper_id": paper_id}
        self.deliver("moderator.allocated.v1", f"{centre_no}/{paper_id}", data)

    def close(self) -> None:
        self.database.close()
        self._copy.give_back()


def rows_of(session: Session, model: type[Any]) -> list[Any]:
    """All rows in the order of their keys: those with identifiers of ours as they were made."""
    return list(session.scalars(select(model).order_by(*inspect(model).primary_key)).all())
