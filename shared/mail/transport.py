"""How mail leaves: by SMTP where a server is set, else as files in the home, to be read there."""

import os
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.policy import SMTPUTF8
from pathlib import Path
from urllib.parse import unquote, urlsplit

from shared.ids import new_id
from shared.settings import Settings

SMTP_SECONDS = 20.0
SUBMISSION_PORT, SUBMISSION_TLS_PORT, RELAY_PORT = 587, 465, 25
PERMANENT = 500
OWNER_ONLY = 0o600

# Takes one message; raises `RefusedError` where it never will, anything else where it may later.
Transport = Callable[[EmailMessage], None]


class RefusedError(Exception):
    """The mail will not be taken, however often it is tried."""


class Files:
    """A folder of `.eml` files, oldest first by name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, message: EmailMessage) -> None:
        """Write the mail whole; the one that is sent twice is one file."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = message["Message-ID"].strip("<>").partition("@")[0]
        draft = self.folder / f".{new_id()}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
        with os.fdopen(descriptor, "wb") as file:
            file.write(message.as_bytes(policy=SMTPUTF8))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.folder / f"{name}.eml")


class Smtp:
    """A server, as `smtp://`, `smtp+starttls://` or `smtps://` with user and password."""

    def __init__(self, url: str, *, context: ssl.SSLContext | None = None) -> None:
        self._url = urlsplit(url)
        self._context = context or ssl.create_default_context()

    def __call__(self, message: EmailMessage) -> None:
        with self._connected() as server:
            try:
                server.send_message(message)
            except smtplib.SMTPRecipientsRefused as error:
                code = next(iter(error.recipients.values()))[0]
                raise self._judged(code, error) from error
            except smtplib.SMTPDataError as error:
                raise self._judged(error.smtp_code, error) from error

    def greet(self) -> None:
        """Go as far as being let in; raises what a mail would meet."""
        with self._connected() as server:
            server.noop()

    @staticmethod
    def _judged(code: int, error: Exception) -> Exception:
        """A reply of 5xx about this mail is final. The server's words may hold an address."""
        return RefusedError(f"SMTP {code}") if code >= PERMANENT else error

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        url, server = self._url, self._reached()
        try:
            if url.scheme == "smtp+starttls":
                server.starttls(context=self._context)
            if url.username:
                server.login(unquote(url.username), unquote(url.password or ""))
            yield server
        finally:
            _leave(server)

    def _reached(self) -> smtplib.SMTP:
        url, host = self._url, self._url.hostname or ""
        if url.scheme == "smtps":
            port = url.port or SUBMISSION_TLS_PORT
            return smtplib.SMTP_SSL(host, port, timeout=SMTP_SECONDS, context=self._context)
        usual = SUBMISSION_PORT if url.scheme == "smtp+starttls" else RELAY_PORT
        return smtplib.SMTP(host, url.port or usual, timeout=SMTP_SECONDS)


def _leave(server: smtplib.SMTP) -> None:
    """Hang up. What the server has taken it has taken, whatever it says to that."""
    with suppress(smtplib.SMTPException, OSError):
        server.quit()
    server.close()


def transport_of(settings: Settings) -> Transport:
    return Smtp(settings.smtp_url) if settings.smtp_url else Files(settings.mail_folder)
