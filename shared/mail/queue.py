"""Queueing a mail in the transaction that causes it: if that is undone, nothing is sent."""

import json
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shared import clock
from shared.events.outbox import insert_into
from shared.i18n import in_language, language
from shared.ids import new_id
from shared.mail.letter import Letter, as_html, as_text
from shared.mail.models import Mail


@dataclass(frozen=True)
class Reader:
    """Who gets a mail, the language it is to be drawn in, and the id the service knows them by."""

    email: str
    name: str
    language: str
    id: str = ""


@dataclass(frozen=True)
class Waiting:
    """`waiting` mails are neither sent nor given up, the `oldest` of them queued then."""

    waiting: int
    oldest: datetime | None

    @property
    def age_seconds(self) -> float:
        return (clock.now() - self.oldest).total_seconds() if self.oldest else 0.0


def queue(session: Session, reader: Reader, kind: str, letter: Letter, key: str = "") -> None:
    """Have the letter sent soon after the commit; with a `key` that was queued before, not again.

    The words of the letter are in the reader's language already: write it `in_language` of theirs.
    """
    now, mail_id = clock.now(), new_id()
    values = {
        "id": mail_id,
        "key": key or mail_id,
        "kind": kind,
        "reader_id": reader.id,
        "content": draw(reader, letter),
        "queued_at": now,
        "due_at": now,
        "attempts": 0,
        "fault": "",
    }
    insert = insert_into(session, Mail).values(values)
    session.execute(insert.on_conflict_do_nothing(index_elements=["key"]))


def given_up_at(session: Session, *reader_ids: str) -> datetime | None:
    """When the newest mail to a reader was given up; None where it went, or is still tried."""
    settled = select(Mail).where(Mail.reader_id.in_(reader_ids), Mail.settled_at.is_not(None))
    newest = session.scalars(settled.order_by(Mail.queued_at.desc(), Mail.id.desc()).limit(1))
    mail = newest.first()
    return mail.settled_at if mail and mail.fault else None


def waiting(session: Session) -> Waiting:
    counted = select(func.count(), func.min(Mail.queued_at)).where(Mail.settled_at.is_(None))
    count, oldest = session.execute(counted).one()
    return Waiting(count, oldest)


def draw(reader: Reader, letter: Letter) -> str:
    """What is kept of a letter until it is sent."""
    with in_language(reader.language):
        drawn = {
            "to": [reader.name, reader.email],
            "language": language(),
            "subject": " ".join(letter.subject.split()),
            "text": as_text(letter, reader.name),
            "html": as_html(letter, reader.name),
        }
    return json.dumps(drawn)


def message_of(mail: Mail, sender: str) -> EmailMessage:
    """The mail as it travels; its id is the same however often it is tried."""
    content = json.loads(mail.content)
    name, email = content["to"]
    message = EmailMessage()
    message["From"] = sender
    message["To"] = Address(name, addr_spec=email)
    message["Subject"] = content["subject"]
    message["Date"] = format_datetime(mail.queued_at)
    message["Message-ID"] = f"<{mail.id}@iamis.invalid>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(content["text"])
    message.add_alternative(content["html"], subtype="html")
    message["Content-Language"] = content["language"]
    return message
