"""Mail as its readers see it."""

from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import cache
from pathlib import Path

from sqlalchemy import select

from shared.db import Database
from shared.mail.models import Mail
from shared.mail.queue import message_of

SENDER = "IAMIS <no-reply@iamis.invalid>"


@dataclass(frozen=True)
class Received:
    """One mail, read."""

    to: str
    subject: str
    language: str
    text: str
    html: str

    @classmethod
    def of(cls, message: EmailMessage) -> "Received":
        text, html = message.get_body(["plain"]), message.get_body(["html"])
        assert text, "a mail has plain text"
        assert html, "a mail has HTML"
        return cls(
            to=str(message["To"]),
            subject=str(message["Subject"]),
            language=str(message["Content-Language"]),
            text=text.get_content(),
            html=html.get_content(),
        )

    def line_after(self, label: str) -> str:
        """What follows `label:` in the text, on the same line or the next one."""
        return self.text.partition(f"{label}:")[2].split(maxsplit=1)[0]


def queued(database: Database, kind: str = "") -> list[Received]:
    """What waits to be sent, oldest first."""
    with database.reading() as session:
        rows = session.scalars(select(Mail).order_by(Mail.id)).all()
        return [Received.of(message_of(row, SENDER)) for row in rows if kind in {"", row.kind}]


def delivered(folder: Path) -> list[Received]:
    """What the embedded stack has sent, oldest first."""
    return [_read(file) for file in sorted(folder.glob("*.eml"))]


@cache
def _read(file: Path) -> Received:
    """A mail is read once: a system in use has thousands, and a test asks again and again."""
    return Received.of(message_from_bytes(file.read_bytes(), policy=default))
