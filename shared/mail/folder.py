"""Reading the mail that was written to files."""

from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from pathlib import Path

from shared.loopback import is_loopback
from shared.settings import Settings

SHOWN = 100
PAGE = "/dev/mail"


@dataclass(frozen=True)
class Written:
    """One mail as its reader would see it; `at` is RFC 3339."""

    name: str
    to: str
    subject: str
    language: str
    at: str
    text: str


def is_shown(told: Settings) -> bool:
    """Whether the gateway shows it at `PAGE`: to people at this computer, where nobody else is."""
    return told.stack == "embedded" and not told.smtp_url and is_loopback(told.bind)


def newest(folder: Path) -> list[Written]:
    """The last mails, newest first."""
    files = sorted(folder.glob("*.eml"), reverse=True)[:SHOWN]
    return [_read(file) for file in files]


def _read(file: Path) -> Written:
    message = message_from_bytes(file.read_bytes(), policy=default)
    text = message.get_body(("plain",))
    return Written(
        name=file.stem,
        to=str(message["To"]),
        subject=str(message["Subject"]),
        language=str(message["Content-Language"] or "en"),
        at=message["Date"].datetime.isoformat(),
        text=text.get_content() if text else "",
    )
