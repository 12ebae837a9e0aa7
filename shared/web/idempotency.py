"""`Idempotency-Key`: a POST that creates, sent again, gets the first answer and creates nothing."""

import hashlib
import json
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import String, delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from shared import clock
from shared.db import PlatformBase
from shared.errors import FieldError, UnprocessableError
from shared.i18n import gettext as _
from shared.web.routes import Reply

KEPT = timedelta(hours=24)
LONGEST = 255
POINTER = "/Idempotency-Key"


class IdempotentAnswer(PlatformBase):
    """The answer given to a key of one account on one path; kept for 24 hours."""

    __tablename__ = "idempotent_answers"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    status: Mapped[int]
    body: Mapped[dict[str, Any]]
    made_at: Mapped[datetime] = mapped_column(index=True)


def key_of(user_id: str, path: str, given: str) -> str:
    """The key as it is stored: bound to the account and the path."""
    if len(given) > LONGEST:
        detail = _("The Idempotency-Key is longer than 255 characters.")
        raise UnprocessableError(detail, errors=[FieldError(POINTER, detail)])
    return hashlib.sha256(f"{user_id}\n{path}\n{given}".encode()).hexdigest()


def find(session: Session, key: str, body: bytes) -> Reply | None:
    """The earlier answer; `UnprocessableError` where the key was used for something else."""
    session.execute(delete(IdempotentAnswer).where(IdempotentAnswer.made_at < clock.now() - KEPT))
    found = session.get(IdempotentAnswer, key)
    if found is not None and found.fingerprint != _fingerprint(body):
        detail = _("This Idempotency-Key was used for another request.")
        raise UnprocessableError(detail, errors=[FieldError(POINTER, detail)])
    return None if found is None else Reply(found.body, found.status)


def keep(session: Session, key: str, body: bytes, reply: Reply) -> None:
    session.add(
        IdempotentAnswer(
            key=key,
            fingerprint=_fingerprint(body),
            status=reply.status,
            body=json.loads(json.dumps(reply.body)),
            made_at=clock.now(),
        )
    )


def _fingerprint(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
