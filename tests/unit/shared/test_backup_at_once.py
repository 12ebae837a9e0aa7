"""The point of a backup, taken while events go from one service to another."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

from shared import clock
from shared.backup import making
from shared.backup.owed import NUMBERS_LEFT_OUT, owe
from shared.backup.point import one_point
from shared.bus import Message
from shared.db import Database
from shared.events.consumer import Consumer
from shared.events.models import Inbox, Outbox
from shared.events.models import Sequence as Drawn
from shared.events.outbox import emit
from shared.service import KeptObject, Service
from shared.settings import adopt
from tests.support.databases import Template

KEY = "user.access_changed.v1"
POINTS = 20
SECONDS = 30
GIVEN = {
    "IAMIS_SECRET_KEY": "k" * 64,
    "IAMIS_S3_ENDPOINT": "http://127.0.0.1:1",
    "IAMIS_S3_ACCESS_KEY": "a",
    "IAMIS_S3_SECRET_KEY": "s",
}


class Teller(threading.Thread):
    """Tells of one thing after the other, and has each taken in on the other side."""

    def __init__(self, here: Database, there: Database) -> None:
        super().__init__()
        self.here, self.there = here, there
        self.over = threading.Event()
        self.told = threading.Event()

    def run(self) -> None:
        while not self.over.is_set():
            take_in(self.there, tell(self.here))
            self.told.set()

    def wait_for_more(self) -> None:
        self.told.clear()
        assert self.told.wait(SECONDS), "nothing more is told"


def tell(database: Database) -> Message:
    with database.transaction() as session:
        data = {"user_id": "u1", "access_version": 1}
        told = emit(session, KEY, "users/u1", data)
    return Message(told.id, told.event_type.exchange, told.routing_key, told.to_json())


def take_in(database: Database, message: Message) -> None:
    Consumer(database, {KEY: lambda _session, _event: None}).handle(message)


def ids(session: Session, table: type[Inbox] | type[Outbox]) -> set[str]:
    return set(session.scalars(select(table.id)))


@pytest.fixture
def two(template: Template, tmp_path: Path) -> Iterator[dict[str, Database]]:
    """The databases of two services, empty."""
    copies = []
    for name in ("here", "there"):
        folder = tmp_path / name
        folder.mkdir()
        copies.append(template.copy(folder))
    databases = {n: Database(c.url) for n, c in zip(("here", "there"), copies, strict=True)}
    yield databases
    for database, copy in zip(databases.values(), copies, strict=True):
        database.close()
        copy.give_back()


def test_nothing_is_taken_in_that_was_not_told(two: dict[str, Database]) -> None:
    teller = Teller(two["here"], two["there"])
    teller.start()
    try:
        seen = []
        for _each in range(POINTS):
            teller.wait_for_more()
            seen.append(_at_one_point(two))
    finally:
        teller.over.set()
        teller.join()
    assert [taken_in - told for told, taken_in in seen] == [set()] * POINTS


def _at_one_point(two: dict[str, Database]) -> tuple[set[str], set[str]]:
    with one_point(two) as sessions:
        # The other way about than they were fixed: what comes meanwhile is not to be seen.
        taken_in = ids(sessions["there"], Inbox)
        return ids(sessions["here"], Outbox), taken_in


def in_use(database: Database) -> int:
    """How many of its connections somebody has."""
    pool = database.engine.pool
    assert isinstance(pool, QueuePool)
    return pool.checkedout()


def test_what_a_database_saw_is_let_go_once_it_is_copied(
    two: dict[str, Database], service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    adopt(GIVEN)
    monkeypatch.setattr(making, "database_of", lambda name: nullcontext(two[name]))
    seen = []

    def objects(_session: Session) -> Sequence[KeptObject]:
        seen.append([in_use(each) for each in two.values()])
        return ()

    services = {name: replace(service, name=name) for name in two}
    services["here"] = replace(services["here"], objects=objects)
    made = making.make(services, tmp_path / "backup", lambda _count: None)
    assert seen == [[1, 0]]
    assert list(made.services) == ["here", "there"]


def test_what_was_not_taken_in_is_told_again(two: dict[str, Database], service: Service) -> None:
    here, there = two["here"], two["there"]
    services = [replace(service, name=name) for name in two]
    messages = [tell(here) for _each in range(3)]
    take_in(there, messages[0])
    # Every service hears of accounts, also the one that tells.
    for message in messages:
        take_in(here, message)
    with here.transaction() as session:
        session.execute(update(Outbox).values(published_at=clock.now()))

    assert owe(services, two) == 2
    with here.reading() as session:
        waiting = set(session.scalars(select(Outbox.id).where(Outbox.published_at.is_(None))))
        assert waiting == {message.id for message in messages[1:]}
        assert session.scalars(select(Drawn.value)).one() == 3 + NUMBERS_LEFT_OUT
