"""Sending what is queued: one mail at a time, again after a growing pause, until it has gone.

Several senders may work on one queue. A mail is sent outside of transactions; whoever sends it has
taken it by a lease, so a sender that dies in between leaves it to be sent once more. That is rare
and harmless: the second has the same Message-ID.
"""

import logging
import secrets
import smtplib
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args

from prometheus_client import Counter
from sqlalchemy import Select, delete, select, update
from sqlalchemy.orm import Session

from shared import clock
from shared.db import Database
from shared.mail.models import Mail
from shared.mail.queue import message_of
from shared.mail.transport import RefusedError, Transport, transport_of
from shared.settings import settings

IDLE_SECONDS = 1.0
LEASE = timedelta(minutes=2)
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=1)
GIVE_UP_AFTER = timedelta(days=3)
KEPT = timedelta(days=30)
DOUBLINGS = 10

TRIED = Counter(
    "iamis_mails_total",
    "Mails tried: sent, put off to be tried again, or given up",
    ["service", "outcome"],
)

Outcome = Literal["sent", "put_off", "given_up"]

log = logging.getLogger(__name__)


def run(database: Database, stop: threading.Event) -> None:
    """Send until told to stop: what a service that mails runs beside its relay."""
    told = settings()
    if told.stack == "real" and not told.smtp_url:
        log.warning("IAMIS_SMTP_URL is not set: mail is written to files and reaches nobody")
    if told.stack == "real" and not told.given_public_url:
        log.warning("IAMIS_PUBLIC_URL is not set: links in mail lead to this machine")
    for outcome in get_args(Outcome):
        # There from the beginning: from nothing to one is no increase to Prometheus.
        TRIED.labels(database.service, outcome)
    sender = Sender(database, transport_of(told), told.mail_from)
    while not stop.is_set():
        if not sender.send_next():
            stop.wait(IDLE_SECONDS)


@dataclass(frozen=True)
class Taken:
    """A mail that is this sender's to try."""

    id: str
    kind: str
    attempts: int
    queued_at: datetime


class Sender:
    """Takes mails from the queue of one database."""

    def __init__(self, database: Database, transport: Transport, sender: str) -> None:
        self._database = database
        self._transport = transport
        self._from = sender

    def send_next(self) -> bool:
        """Try the mail that is due the longest; False where none is."""
        with self._database.reading() as session:
            if session.scalars(_due(clock.now())).first() is None:
                return False
        with self._database.transaction() as session:
            taken = _take(session)
        if taken is None:
            return False
        fault = self._try(taken)
        with self._database.transaction() as session:
            outcome = _note(session, taken, fault)
        TRIED.labels(self._database.service, outcome).inc()
        return True

    def _try(self, taken: Taken) -> Exception | None:
        try:
            with self._database.reading() as session:
                message = message_of(session.get_one(Mail, taken.id), self._from)
            self._transport(message)
        except Exception as error:  # noqa: BLE001 # whatever it was, the mail is there to try again
            return error
        return None


def _due(now: datetime) -> Select[str]:
    waiting = select(Mail.id).where(Mail.settled_at.is_(None), Mail.due_at <= now)
    return waiting.order_by(Mail.due_at).limit(1)


def _take(session: Session) -> Taken | None:
    """Have a mail for the length of a lease; senders that come at once take different ones."""
    now = clock.now()
    mail_id = session.scalars(_due(now).with_for_update(skip_locked=True)).first()
    taking = (
        update(Mail)
        .where(Mail.id == mail_id)
        .values(due_at=now + LEASE, attempts=Mail.attempts + 1)
        .returning(Mail.id, Mail.kind, Mail.attempts, Mail.queued_at)
    )
    row = session.execute(taking).first()
    return Taken(*row) if row else None


def _note(session: Session, mail: Taken, fault: Exception | None) -> Outcome:
    """Note what became of the mail."""
    now = clock.now()
    told = {"mail": mail.id, "kind": mail.kind, "attempts": mail.attempts}
    if fault is None:
        log.info("mail sent", extra=told)
        _settle(session, mail, now)
        session.execute(delete(Mail).where(Mail.settled_at < now - KEPT))
        return "sent"
    why = reason_of(fault)
    final = isinstance(fault, RefusedError) or now - mail.queued_at > GIVE_UP_AFTER
    log.log(
        logging.ERROR if final else logging.WARNING,
        "mail given up" if final else "mail not sent yet",
        extra={**told, "fault": why},
    )
    if final:
        _settle(session, mail, now, why)
        return "given_up"
    _change(session, mail, due_at=now + pause_after(mail.attempts), fault=why)
    return "put_off"


def _settle(session: Session, mail: Taken, now: datetime, why: str = "") -> None:
    """No more to be done: what the mail said is forgotten."""
    _change(session, mail, settled_at=now, content="{}", fault=why)


def _change(session: Session, mail: Taken, **values: object) -> None:
    session.execute(update(Mail).where(Mail.id == mail.id).values(values))


def reason_of(fault: Exception) -> str:
    """What went wrong in a few words: a server's own may hold an address."""
    code = getattr(fault, "smtp_code", "")
    if isinstance(fault, RefusedError):
        return str(fault)
    return f"SMTP {code}" if isinstance(fault, smtplib.SMTPException) and code else _name(fault)


def _name(fault: Exception) -> str:
    return type(fault).__name__


def pause_after(attempts: int) -> timedelta:
    """Doubled with each attempt, up to an hour, with jitter."""
    longest = min(FIRST_PAUSE * 2 ** min(attempts - 1, DOUBLINGS), LONGEST_PAUSE)
    return timedelta(seconds=longest.total_seconds() * (0.5 + secrets.randbelow(500) / 1000))
