"""The queue of mail: once for one cause, tried until it has gone, forgotten afterwards."""

import logging
import smtplib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import select, text

from shared import clock, migrate
from shared.db import Database
from shared.mail.letter import Letter, Link, as_html, as_text
from shared.mail.models import Mail
from shared.mail.queue import Reader, queue
from shared.mail.sender import GIVE_UP_AFTER, LEASE, LONGEST_PAUSE, Sender, pause_after, reason_of
from shared.mail.transport import Files, RefusedError, Smtp, transport_of
from shared.settings import Settings, settings
from tests.support.mailbox import SENDER, delivered, queued

NOON = datetime(2031, 5, 1, 12, tzinfo=UTC)
SIAN = Reader("sian@bryn.example", "Siân Ŵyn, née <b>", "cy")
LETTER = Letter(
    subject="A subject\r\nBcc: all@bryn.example",
    opening=("Something & more happened.",),
    facts=(("Temporary password", "hush-hush"),),
    link=Link("Sign in", "https://iamis.example/?a=1&b=2"),
    closing=("That is all.",),
)
Later = Callable[..., None]


@pytest.fixture(autouse=True)
def later(monkeypatch: pytest.MonkeyPatch) -> Iterator[Later]:
    monkeypatch.setenv("IAMIS_SECRET_KEY", "a secret of the tests, and long enough")
    settings.cache_clear()
    moved = [timedelta()]
    monkeypatch.setattr(clock, "now", lambda: NOON + moved[0])

    def move(**step: float) -> None:
        moved[0] += timedelta(**step)

    yield move
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'mail.sqlite'}")
    migrate.upgrade(database.engine, migrate.PLATFORM)
    yield database
    database.close()


def _queue(database: Database, letter: Letter = LETTER, key: str = "") -> None:
    with database.transaction() as session:
        queue(session, SIAN, "test", letter, key)


def _row(database: Database) -> Mail:
    with database.reading() as session:
        row = session.scalars(select(Mail)).one()
        session.expunge(row)
        return row


class Server:
    """Takes mail, or fails as it is told to."""

    def __init__(self, *faults: Exception) -> None:
        self.faults = list(faults)
        self.taken: list[EmailMessage] = []

    def __call__(self, message: EmailMessage) -> None:
        if self.faults:
            raise self.faults.pop(0)
        self.taken.append(message)


def test_text_and_html_say_the_same() -> None:
    drawn, html = as_text(LETTER, SIAN.name), as_html(LETTER, SIAN.name)
    for said in ("Something & more happened.", "hush-hush", "That is all.", "Siân Ŵyn, née <b>"):
        assert said in drawn
        assert said.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") in html
    assert "Sign in:\nhttps://iamis.example/?a=1&b=2\n" in drawn
    assert 'href="https://iamis.example/?a=1&amp;b=2"' in html


@pytest.mark.usefixtures("translated")
def test_a_mail_is_written_to_the_folder_whole(database: Database, tmp_path: Path) -> None:
    _queue(database)
    assert Sender(database, Files(tmp_path / "mail"), SENDER).send_next()
    (mail,) = delivered(tmp_path / "mail")
    assert "sian@bryn.example" in mail.to
    assert mail.language == "cy"
    assert '<html lang="cy">' in mail.html
    assert mail.text.startswith("Annwyl Siân Ŵyn")
    (file,) = (tmp_path / "mail").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_header_cannot_be_smuggled_in(database: Database) -> None:
    """Titles of papers come from others' files: a subject is one line whatever they hold."""
    server = Server()
    _queue(database)
    Sender(database, server, SENDER).send_next()
    (message,) = server.taken
    assert message["Subject"] == "A subject Bcc: all@bryn.example"
    assert "Bcc" not in message


def test_one_cause_is_one_mail(database: Database) -> None:
    _queue(database, key="clerical-error:68101/p1:2031-05-01:u1")
    _queue(database, key="clerical-error:68101/p1:2031-05-01:u1")
    _queue(database, key="clerical-error:68101/p1:2031-05-02:u1")
    assert len(queued(database)) == 2


def test_what_is_undone_is_not_sent(database: Database) -> None:
    def undone() -> None:
        with database.transaction() as session:
            queue(session, SIAN, "test", LETTER)
            raise LookupError

    with pytest.raises(LookupError):
        undone()
    assert not Sender(database, Server(), SENDER).send_next()


def test_what_waits_is_sealed_and_what_has_gone_is_forgotten(database: Database) -> None:
    _queue(database, Letter("Subject", ("hush-hush",)))
    with database.reading() as session:
        stored = session.scalars(text("SELECT content FROM mails")).one()
    assert "hush-hush" not in stored
    assert SIAN.email not in stored
    Sender(database, Server(), SENDER).send_next()
    assert _row(database).content == "{}"


def test_a_mail_is_tried_again_until_it_is_taken(database: Database, later: Later) -> None:
    server = Server(OSError(), smtplib.SMTPServerDisconnected("gone"))
    sender = Sender(database, server, SENDER)
    _queue(database, Letter("Subject", ("Hello",)))
    assert sender.send_next()
    assert _row(database).fault == "OSError"
    assert not sender.send_next(), "not at once"
    later(seconds=31)
    assert sender.send_next()
    later(minutes=2)
    assert sender.send_next()
    row = _row(database)
    assert (len(server.taken), row.attempts, row.fault) == (1, 3, "")
    later(days=1)
    assert not sender.send_next()


def test_a_sender_that_dies_leaves_the_mail_to_the_next(database: Database, later: Later) -> None:
    class Killed(BaseException):
        """The end of a process."""

    def dying(_message: EmailMessage) -> None:
        raise Killed

    _queue(database, Letter("Subject", ("Hello",)))
    with pytest.raises(Killed):
        Sender(database, dying, SENDER).send_next()
    server = Server()
    assert not Sender(database, server, SENDER).send_next(), "it is still the other's"
    later(seconds=LEASE.total_seconds() + 1)
    assert Sender(database, server, SENDER).send_next()
    assert len(server.taken) == 1


def test_a_mail_that_is_refused_is_not_tried_again(
    database: Database, later: Later, caplog: pytest.LogCaptureFixture
) -> None:
    sender = Sender(database, Server(RefusedError("SMTP 550")), SENDER)
    _queue(database, Letter("Subject", ("hush-hush",)))
    with caplog.at_level(logging.INFO):
        assert sender.send_next()
    row = _row(database)
    assert (row.fault, row.content, row.settled_at) == ("SMTP 550", "{}", NOON)
    assert "mail given up" in caplog.text
    assert SIAN.email not in str([vars(record) for record in caplog.records])
    later(days=1)
    assert not sender.send_next()


def test_after_days_it_is_given_up(database: Database, later: Later) -> None:
    sender = Sender(database, Server(OSError(), OSError()), SENDER)
    _queue(database, Letter("Subject", ("Hello",)))
    sender.send_next()
    later(seconds=GIVE_UP_AFTER.total_seconds() + 1)
    sender.send_next()
    assert _row(database).settled_at is not None


def test_one_that_cannot_be_opened_stops_no_other(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sealed under another key of the installation: it waits, the next one goes."""
    _queue(database, Letter("Old", ("Hello",)))
    monkeypatch.setenv("IAMIS_SECRET_KEY", "another secret")
    settings.cache_clear()
    _queue(database, Letter("New", ("Hello",)))
    server = Server()
    sender = Sender(database, server, SENDER)
    assert [sender.send_next() for _each in range(3)] == [True, True, False]
    assert [message["Subject"] for message in server.taken] == ["New"]


def test_pauses_grow_and_end() -> None:
    for attempts in range(1, 40):
        assert timedelta(seconds=15) <= pause_after(attempts) <= LONGEST_PAUSE
    assert pause_after(30) >= LONGEST_PAUSE / 2


def test_a_reason_holds_no_address() -> None:
    told = smtplib.SMTPSenderRefused(451, b"later", "someone@bryn.example")
    assert reason_of(told) == "SMTP 451"
    assert reason_of(TimeoutError("someone@bryn.example")) == "TimeoutError"


def test_the_transport_is_what_the_settings_say(tmp_path: Path) -> None:
    files = transport_of(Settings.load({"IAMIS_HOME": str(tmp_path)}))
    assert isinstance(files, Files)
    assert files.folder == tmp_path / "mail"
    assert isinstance(transport_of(Settings.load({"IAMIS_SMTP_URL": "smtp://mail:25"})), Smtp)
