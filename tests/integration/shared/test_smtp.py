"""Mail by SMTP, to a real server: plain, with TLS and a password, refused for now and for good."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from shared import clock, migrate
from shared.db import Database
from shared.launcher.ports import free_ports
from shared.mail.letter import Letter
from shared.mail.models import Mail
from shared.mail.queue import Reader, queue
from shared.mail.sender import Sender
from shared.mail.transport import Smtp
from shared.settings import settings
from tests.support.mailbox import SENDER, Received

LETTER = Letter("Gwahoddiad", ("Croeso i IAMIS, Siân.",))


class Inbox:
    """What a server got; the first answers to a recipient may be laid down."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.received: list[Received] = []
        self.message_ids: list[str] = []

    async def handle_RCPT(  # noqa: N802 # the name the server calls
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: object
    ) -> str:
        if self.answers:
            return self.answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 # the name the server calls
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        message = message_from_bytes(_content(envelope), policy=default)
        self.received.append(Received.of(message))
        self.message_ids.append(str(message["Message-ID"]))
        return "250 taken"


def _content(envelope: Envelope) -> bytes:
    assert isinstance(envelope.content, bytes)
    return envelope.content


@contextmanager
def serving(inbox: Inbox, port: int, **options: Any) -> Iterator[None]:
    controller = Controller(inbox, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield
    finally:
        controller.stop()


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Moves the clock on."""
    moved = [timedelta()]
    start = datetime(2031, 5, 1, 12, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: start + moved[0])

    def move(**step: float) -> None:
        moved[0] += timedelta(**step)

    return move


@pytest.fixture
def database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, later: Callable[..., None]
) -> Iterator[Database]:
    """A queue with one mail in it."""
    later(hours=0)
    monkeypatch.setenv("IAMIS_SECRET_KEY", "a secret of the tests, and long enough")
    settings.cache_clear()
    database = Database(f"sqlite:///{tmp_path / 'mail.sqlite'}")
    migrate.upgrade(database.engine, migrate.PLATFORM)
    with database.transaction() as session:
        queue(session, Reader("sian@bryn.example", "Siân Ŵyn", "cy"), "test", LETTER)
    yield database
    database.close()
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def port() -> int:
    return free_ports(1)[0]


def _fault(database: Database) -> str:
    with database.reading() as session:
        return session.query(Mail).one().fault


def test_a_server_gets_it_in_text_and_html(database: Database, port: int) -> None:
    inbox = Inbox()
    with serving(inbox, port):
        assert Sender(database, Smtp(f"smtp://127.0.0.1:{port}"), SENDER).send_next()
    (mail,) = inbox.received
    assert "sian@bryn.example" in mail.to
    assert mail.subject == "Gwahoddiad"
    assert "Croeso i IAMIS, Siân." in mail.text
    assert "Croeso i IAMIS, Siân." in mail.html


def test_it_goes_when_the_server_is_back(
    database: Database, port: int, later: Callable[..., None]
) -> None:
    """Down first, then greylisting, then it is taken: once."""
    inbox = Inbox("451 4.7.1 come again later")
    sender = Sender(database, Smtp(f"smtp://127.0.0.1:{port}"), SENDER)
    assert sender.send_next()
    assert _fault(database) == "ConnectionRefusedError"
    with serving(inbox, port):
        later(days=1)
        assert sender.send_next()
        assert _fault(database) == "SMTPRecipientsRefused"
        assert inbox.received == []
        later(hours=2)
        assert sender.send_next()
        later(days=1)
        assert not sender.send_next()
    assert len(inbox.received) == 1


class Hasty(Inbox):
    """A server that has no time left once it has taken a mail."""

    async def handle_QUIT(  # noqa: N802 # the name the server calls
        self, _server: SMTP, _session: Session, _envelope: Envelope
    ) -> str:
        return "421 4.3.2 shutting down"


def test_what_the_server_took_is_not_sent_again_whatever_it_says_at_the_end(
    database: Database, port: int, later: Callable[..., None]
) -> None:
    inbox = Hasty()
    with serving(inbox, port):
        sender = Sender(database, Smtp(f"smtp://127.0.0.1:{port}"), SENDER)
        assert sender.send_next()
        assert _fault(database) == ""
        later(days=1)
        assert not sender.send_next()
    assert len(inbox.received) == 1


def test_an_address_that_is_not_there_is_given_up(
    database: Database, port: int, later: Callable[..., None]
) -> None:
    with serving(Inbox("550 5.1.1 no such person: sian@bryn.example"), port):
        sender = Sender(database, Smtp(f"smtp://127.0.0.1:{port}"), SENDER)
        assert sender.send_next()
        later(days=1)
        assert not sender.send_next()
    assert _fault(database) == "SMTP 550"


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate of 127.0.0.1 with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime(2020, 1, 1, tzinfo=UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=36500))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path / "server.pem"
    pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return pem


def _login(_server: object, _session: object, _envelope: object, _how: str, data: object) -> object:
    right = LoginPassword(b"iamis", b"pass/word")
    return AuthResult(success=data == right, handled=False)


def test_a_password_travels_over_tls_alone(
    database: Database, port: int, certificate: Path, later: Callable[..., None]
) -> None:
    inbox = Inbox()
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(certificate)
    trusting = ssl.create_default_context(cafile=str(certificate))
    options = {
        "tls_context": server,
        "require_starttls": True,
        "auth_required": True,
        "authenticator": _login,
    }
    url = f"smtp+starttls://iamis:{{}}@localhost:{port}"
    with serving(inbox, port, **options):
        Sender(database, Smtp(url.format("pass%2Fword")), SENDER).send_next()
        assert _fault(database) == "SSLCertVerificationError", "a server nobody vouches for"
        later(days=1)
        Sender(database, Smtp(url.format("wrong"), context=trusting), SENDER).send_next()
        assert _fault(database) == "SMTP 535"
        later(days=1)
        Sender(database, Smtp(url.format("pass%2Fword"), context=trusting), SENDER).send_next()
    assert len(inbox.received) == 1
    assert _fault(database) == ""
