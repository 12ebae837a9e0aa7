"""Several senders on one queue: each mail is taken by one of them."""

from collections import Counter
from collections.abc import Callable, Iterator
from email.message import EmailMessage

import pytest

from shared.db import Database
from shared.mail.letter import Letter
from shared.mail.queue import Reader, queue
from shared.mail.sender import Sender
from shared.settings import settings
from tests.support.mailbox import SENDER
from tests.support.service import ServiceUnderTest
from tests.support.together import together

MAILS = 24
SENDERS = 6


@pytest.fixture
def identity(
    start: Callable[[str], ServiceUnderTest], monkeypatch: pytest.MonkeyPatch
) -> Iterator[ServiceUnderTest]:
    monkeypatch.setenv("IAMIS_SECRET_KEY", "a secret of the tests, and long enough")
    settings.cache_clear()
    yield start("identity")
    monkeypatch.undo()
    settings.cache_clear()


def _send_all(database: Database, taken: list[str]) -> int:
    def take(message: EmailMessage) -> None:
        taken.append(message["Message-ID"])

    sender, rounds = Sender(database, take, SENDER), 0
    while sender.send_next():
        rounds += 1
    return rounds


def test_each_mail_is_sent_by_one_sender(identity: ServiceUnderTest) -> None:
    reader = Reader("sian@bryn.example", "Siân", "cy")
    with identity.transaction() as session:
        for number in range(MAILS):
            queue(session, reader, "test", Letter(f"Mail {number}", ("Hello",)))
    taken: list[str] = []
    together(*[lambda: _send_all(identity.database, taken)] * SENDERS)
    _send_all(identity.database, taken)
    assert len(taken) == MAILS
    assert set(Counter(taken).values()) == {1}


def test_one_cause_queued_at_once_is_one_mail(identity: ServiceUnderTest) -> None:
    def told() -> None:
        with identity.transaction() as session:
            reader = Reader("sian@bryn.example", "Siân", "cy")
            queue(session, reader, "test", Letter("News", ("Hello",)), key="news:1")

    together(*[told] * SENDERS)
    taken: list[str] = []
    _send_all(identity.database, taken)
    assert len(taken) == 1
