"""What the doctor says when a part is not well; a healthy system is in ../test_commands.py."""

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import delete, text

from shared import clock, migrate
from shared.access.models import SigningKey
from shared.bus import Binding, Message, one_by_one
from shared.bus.embedded import EmbeddedBus
from shared.commands.doctor import doctor
from shared.db import Database
from shared.doctor import databases, here, parts
from shared.doctor.findings import Finding, Level
from shared.events.models import Outbox
from shared.launcher.ports import free_ports
from shared.mail.models import Mail
from shared.service import load_service, queue_of, service_names
from shared.settings import S3Settings, describe, settings
from shared.storage import Storage
from tests.support.service import know_key

LONG_AGO = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for variable in describe():
        monkeypatch.delenv(variable.name, raising=False)
    told(monkeypatch, IAMIS_HOME=tmp_path)
    yield
    settings.cache_clear()


def told(monkeypatch: pytest.MonkeyPatch, **variables: object) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, str(value))
    settings.cache_clear()


def bad(found: Iterator[Finding]) -> list[tuple[str, Level, str]]:
    return [(one.part, one.level, one.words) for one in found if one.level is not Level.OK]


# ---- databases ----


def prepared(service: str) -> Database:
    file = settings().home / "db" / f"{service}.sqlite"
    file.parent.mkdir(exist_ok=True)
    database = Database(f"sqlite:///{file}")
    chain = migrate.chain_of(load_service(service))
    migrate.upgrade(database.engine, migrate.PLATFORM, chain)
    know_key(database)
    return database


def test_of_a_home_that_was_never_started_one_thing_is_said(tmp_path: Path) -> None:
    seen = CliRunner().invoke(doctor)
    assert seen.exit_code == 1
    _head, *said = seen.output.strip().splitlines()
    assert len(said) == 1
    assert f"nothing was ever started in {tmp_path}" in said[0]


def test_databases_that_were_never_started_are_named_one_by_one() -> None:
    found = bad(databases.check())
    assert [part for part, _level, _words in found] == [
        f"database of {name}" for name in service_names()
    ]
    assert all(level is Level.FAULT and "start the system once" in w for _p, level, w in found)


def forget_keys(database: Database) -> None:
    with database.transaction() as session:
        session.execute(delete(SigningKey))


def step_back(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))


def leave_an_event(database: Database) -> None:
    with database.transaction() as session:
        session.add(
            Outbox(
                id="e1",
                exchange="iamis.events",
                routing_key="k",
                subject="s",
                body=b"{}",
                created_at=clock.now() - LONG_AGO,
            )
        )


def leave_a_mail(database: Database) -> None:
    at = clock.now() - LONG_AGO
    with database.transaction() as session:
        session.add(Mail(id="m1", key="m1", kind="reset", content="", queued_at=at, due_at=at))


@pytest.mark.parametrize(
    ("harm", "level", "words"),
    [
        (forget_keys, Level.FAULT, "no signing key"),
        (step_back, Level.FAULT, "run `iamis prepare marks`"),
        (leave_an_event, Level.WARNING, "1 events wait to go out, the oldest for 3600 s"),
        (leave_a_mail, Level.WARNING, "1 mails wait for more than 15 minutes"),
    ],
)
def test_what_is_wrong_in_a_database_is_said(
    monkeypatch: pytest.MonkeyPatch,
    harm: Callable[[Database], None],
    level: Level,
    words: str,
) -> None:
    told(monkeypatch, IAMIS_SECRET_KEY="k" * 43)
    monkeypatch.setattr(databases, "service_names", lambda: ["marks"])
    with closing(prepared("marks")) as database:
        assert bad(databases.check()) == []
        harm(database)
        ((part, seen, said),) = bad(databases.check())
    assert (part, seen) == ("database of marks", level)
    assert words in said


# ---- what is shared ----


def test_a_broker_without_queues_and_with_dead_letters() -> None:
    ((_part, level, words),) = bad(parts.broker())
    assert (level, "start the system once" in words) == (Level.FAULT, True)

    settings().bus_file.parent.mkdir()
    with closing(EmbeddedBus(settings().bus_file, (0.01,))) as bus:
        for name in service_names():
            if name != "marks":
                bus.declare(queue_of(name), [Binding("e", f"{name}.#")])
        ((part, level, words),) = bad(parts.broker())
        assert (part, level) == ("queue iamis.marks", Level.FAULT)
        assert "run `iamis prepare marks`" in words

        bus.declare(queue_of("marks"), [Binding("e", "marks.#")])
        assert bad(parts.broker()) == []


def give_up(bus: EmbeddedBus, queue: str) -> None:
    stop = threading.Event()

    def refuse(_message: Message) -> None:
        stop.set()
        raise ValueError("poison")

    bus.consume(queue, one_by_one(refuse), stop)


def test_dead_letters_are_warned_of() -> None:
    settings().bus_file.parent.mkdir()
    with closing(EmbeddedBus(settings().bus_file, ())) as bus:
        for name in service_names():
            bus.declare(queue_of(name), [Binding("e", f"{name}.#")])
        bus.publish([Message("m1", "e", "marks.x", b"{}")])
        give_up(bus, queue_of("marks"))
        ((part, level, words),) = bad(parts.broker())
    assert (part, level) == ("queue iamis.marks", Level.WARNING)
    assert "1 events were given up" in words


def test_a_store_is_tried(s3: S3Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    told(
        monkeypatch,
        IAMIS_S3_ENDPOINT=f"http://{s3.endpoint}",
        IAMIS_S3_ACCESS_KEY=s3.access_key,
        IAMIS_S3_SECRET_KEY=s3.secret_key,
        IAMIS_S3_BUCKET="never-made",
    )
    assert bad(parts.storage()) == [
        (
            "object storage",
            Level.WARNING,
            "there is no bucket never-made yet: the first upload makes it",
        )
    ]
    told(monkeypatch, IAMIS_S3_BUCKET=s3.bucket)
    Storage(settings().s3).ensure_bucket()
    assert bad(parts.storage()) == []
    told(monkeypatch, IAMIS_S3_SECRET_KEY="wrong")
    ((_part, level, words),) = bad(parts.storage())
    assert (level, words[:10]) == (Level.FAULT, "it refuses")


def test_parts_that_do_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_ports(1)[0]
    told(
        monkeypatch,
        IAMIS_S3_ENDPOINT=f"http://127.0.0.1:{port}",
        IAMIS_S3_ACCESS_KEY="a",
        IAMIS_S3_SECRET_KEY="s",
        IAMIS_SMTP_URL=f"smtp://127.0.0.1:{port}",
        IAMIS_URL_MARKS=f"http://127.0.0.1:{port}",
    )
    found = [*bad(parts.storage()), *bad(parts.mail()), *bad(parts.services())]
    assert [(part, level) for part, level, _words in found] == [
        ("object storage", Level.FAULT),
        ("mail", Level.FAULT),
        ("marks", Level.FAULT),
    ]


# ---- settings and machine ----


def test_settings_that_a_board_would_not_want(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [words for _p, _l, words in bad(here.settings_in_order())] == [
        "IAMIS_SECRET_KEY is not set: the gateway and identity need it"
    ]
    told(
        monkeypatch,
        IAMIS_STACK="real",
        IAMIS_SECRET_KEY="short",
        IAMIS_PUBLIC_URL="http://iamis.example",
        IAMIS_COOKIE_SECURE="false",
    )
    said = " ".join(words for _part, _level, words in bad(here.settings_in_order()))
    assert "IAMIS_SECRET_KEY is shorter" in said
    assert "links in mail lead to http://iamis.example, which is no https address" in said
    assert "IAMIS_COOKIE_SECURE" in said


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://127.0.0.1:8000", "which only this computer reaches"),
        ("https://localhost", "which only this computer reaches"),
        ("https://[::1]:8443", "which only this computer reaches"),
        ("https://iamis.example", ""),
        ("", "which only this computer reaches"),
    ],
)
def test_links_that_nobody_else_can_follow(
    monkeypatch: pytest.MonkeyPatch, url: str, said: str
) -> None:
    secret = "s" * here.SHORTEST_SECRET
    told(monkeypatch, IAMIS_STACK="real", IAMIS_SECRET_KEY=secret, IAMIS_PUBLIC_URL=url)
    found = [words for _part, _level, words in bad(here.settings_in_order())]
    assert len(found) == (1 if said else 0)
    assert all(said in words and (url or "http://127.0.0.1:8000") in words for words in found)


def test_a_folder_is_named_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told(monkeypatch, IAMIS_HOME=tmp_path / "gone" / ".." / ".")
    room, mail = (one.words for one in (*here.room(), *parts.mail()))
    assert room.endswith(f" {tmp_path}")
    assert f" {tmp_path}/mail, " in mail


@pytest.mark.parametrize(
    ("free", "level"), [(50, Level.FAULT), (500, Level.WARNING), (5000, Level.OK)]
)
def test_room_on_the_disk(monkeypatch: pytest.MonkeyPatch, free: int, level: Level) -> None:
    usage = shutil.disk_usage(settings().home)._replace(free=free * here.MIB)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage)
    ((_part, seen, words),) = [(one.part, one.level, one.words) for one in here.room()]
    assert (seen, words.split()[0]) == (level, str(free))
