"""`Idempotency-Key`: a POST that creates, sent again, gets the first answer and creates nothing."""

import hashlib
import json
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import String, and_, delete, or_
from sqlalchemy.orm import Mapped, Session, mapped_column

from shared import clock
from shared.db import PlatformBase, forget
from shared.errors import ConflictError, FieldError, UnprocessableError
from shared.events.outbox import insert_into
from shared.i18n import gettext as _
from shared.web.routes import Reply

KEPT = timedelta(hours=24)
# So long the largest file takes (5 GiB) on a line of 4 Mbit/s: meanwhile its key is not given away.
LONGEST_UNDER_WAY = timedelta(hours=3)
UNDER_WAY = 0
LONGEST = 255
POINTER = "/Idempotency-Key"


class IdempotentAnswer(PlatformBase):
    """The answer given to a key of one account on one path; kept for 24 hours.

    Until there is an answer its `status` is `UNDER_WAY`.
    """

    __tablename__ = "idempotent_answers"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    status: Mapped[int]
    body: Mapped[dict[str, Any]]
    made_at: Mapped[datetime] = mapped_column(index=True)


def key_of(user_id: str, path: str, given: str) -> str:
    """The key as it is stored: bound to the account and the path."""
    if len(given) > LONGEST:
        raise _refused(_("The Idempotency-Key is longer than 255 characters."))
    return hashlib.sha256(f"{user_id}\n{path}\n{given}".encode()).hexdigest()


def claim(session: Session, key: str, body: bytes) -> Reply | None:
    """The earlier answer, or None where this request is now the one that acts.

    `UnprocessableError` where the key was used for something else, `ConflictError` while the
    request that has it is under way.
    """
    _forget_old(session)
    insert = insert_into(session, IdempotentAnswer).values(
        key=key, fingerprint=_fingerprint(body), status=UNDER_WAY, body={}, made_at=clock.now()
    )
    claimed = insert.on_conflict_do_nothing(index_elements=["key"]).returning(IdempotentAnswer.key)
    if session.scalars(claimed).first() is not None:
        return None
    found = session.get(IdempotentAnswer, key)
    if found is None:
        # Who had it was refused, and has let it go since.
        return claim(session, key, body)
    if found.fingerprint != _fingerprint(body):
        raise used_already()
    if found.status == UNDER_WAY:
        detail = _("A request with this Idempotency-Key is still under way.")
        raise ConflictError(detail, slug="under-way", headers={"Retry-After": "5"})
    return Reply(found.body, found.status)


def used_already() -> UnprocessableError:
    """For a key that comes again with something else."""
    return _refused(_("This Idempotency-Key was used for another request."))


def _refused(detail: str) -> UnprocessableError:
    return UnprocessableError(detail, errors=[FieldError(POINTER, detail)])


def _forget_old(session: Session) -> None:
    """Answers are kept for a day; a claim that no answer followed belongs to a crash."""
    now = clock.now()
    unanswered = and_(
        IdempotentAnswer.status == UNDER_WAY, IdempotentAnswer.made_at < now - LONGEST_UNDER_WAY
    )
    old = or_(IdempotentAnswer.made_at < now - KEPT, unanswered)
    forget(session, IdempotentAnswer, old)


def keep(session: Session, key: str, body: bytes, reply: Reply) -> None:
    """Keep the answer of the request that has claimed the key, though its claim is forgotten."""
    answer = json.loads(json.dumps(reply.body if reply.kept is None else reply.kept))
    kept = {"fingerprint": _fingerprint(body), "status": reply.status, "body": answer}
    insert = insert_into(session, IdempotentAnswer).values(key=key, made_at=clock.now(), **kept)
    session.execute(insert.on_conflict_do_update(index_elements=["key"], set_=kept))


def release(session: Session, key: str) -> None:
    """Let the key be used again: what was asked with it was refused."""
    claimed = (IdempotentAnswer.key == key, IdempotentAnswer.status == UNDER_WAY)
    session.execute(delete(IdempotentAnswer).where(*claimed))


def _fingerprint(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
