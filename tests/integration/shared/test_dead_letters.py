"""The operators' commands for events, on both kinds of bus."""

import json
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select, update

from services.marks.app import SERVICE
from shared import clock
from shared.audit import OPERATOR, AuditRow
from shared.bus import EVENTS, Binding, Bus, Message, one_by_one
from shared.bus.embedded import EmbeddedBus
from shared.bus.rabbitmq import RabbitMQBus
from shared.cli import main
from shared.commands import dead_letters, outbox
from shared.db import Database
from shared.events.models import Outbox
from shared.events.outbox import emit
from shared.settings import describe, settings
from tests.support.databases import Template
from tests.support.service import migrated_database
from tests.support.waiting import wait_for

QUEUE = "iamis.marks"


@pytest.fixture(autouse=True)
def _one_service(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    for variable in describe():
        monkeypatch.delenv(variable.name, raising=False)
    monkeypatch.setenv("IAMIS_HOME", str(tmp_path))
    for module in (dead_letters, outbox):
        monkeypatch.setattr(module, "service_names", lambda: ["marks"])
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    return migrated_database(SERVICE, tmp_path_factory.mktemp("template"))


@pytest.fixture
def database(
    template: Template, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Database]:
    copy = template.copy(tmp_path)
    monkeypatch.setenv("IAMIS_DATABASE_URL_MARKS", copy.url)
    with closing(Database(copy.url)) as opened:
        yield opened
    copy.give_back()


@pytest.fixture(params=["embedded", "rabbitmq"])
def bus(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Bus]:
    """A bus on which the first failure is the last."""
    if request.param == "embedded":
        opened: Bus = EmbeddedBus(tmp_path / "bus" / "bus.sqlite", ladder=())
    else:
        broker = request.getfixturevalue("broker")
        url = broker.new_host()
        monkeypatch.setenv("IAMIS_AMQP_URL", url)
        # As `iamis prepare` declares it, with the whole ladder.
        RabbitMQBus(url, broker.rabbitmq.management_url).declare(QUEUE, [])
        opened = RabbitMQBus(url, broker.rabbitmq.management_url, ladder=())
    with closing(opened) as used:
        used.declare(QUEUE, [Binding(EVENTS, "#")])
        yield used


def message(number: int) -> Message:
    body = json.dumps({"id": f"event-{number}", "subject": "68101/p1"}).encode()
    return Message(f"event-{number}", EVENTS, "sample.generated.v1.68101.p1", body)


def fail(_message: Message) -> None:
    raise LookupError("the paper is not there")


def park(bus: Bus, *messages: Message) -> None:
    """Have the messages given up, beside what was before."""
    stop = threading.Event()
    dead = bus.counts(QUEUE).dead + len(messages)
    bus.publish(messages)
    thread = threading.Thread(target=bus.consume, args=(QUEUE, one_by_one(fail), stop))
    thread.start()
    wait_for(f"{dead} dead letters", lambda: bus.counts(QUEUE).dead == dead)
    stop.set()
    thread.join(10)


@pytest.fixture
def parked(bus: Bus, database: Database) -> Bus:  # noqa: ARG001 - the commands look for it
    """Three events given up."""
    park(bus, *(message(number) for number in (1, 2, 3)))
    return bus


def iamis(*arguments: str) -> Result:
    home = str(settings().home)
    return CliRunner().invoke(main, ["--home", home, *arguments], catch_exceptions=False)


def audited(database: Database) -> list[tuple[str, str, str, object]]:
    with database.reading() as session:
        rows = session.scalars(select(AuditRow).order_by(AuditRow.at)).all()
        return [(row.by, row.action, row.subject, row.before["events"]) for row in rows]


@pytest.mark.usefixtures("parked")
def test_they_are_listed_with_their_error() -> None:
    listed = iamis("dead-letters", "list")
    assert listed.exit_code == 0
    assert listed.output.splitlines() == [
        "queue        id       routing key                   error",
        *(
            f"iamis.marks  event-{number}  sample.generated.v1.68101.p1"
            "  LookupError: the paper is not there"
            for number in (1, 2, 3)
        ),
    ]
    assert iamis("dead-letters", "list", "--queue", QUEUE).output == listed.output


@pytest.mark.usefixtures("parked")
def test_one_is_shown_whole() -> None:
    shown = iamis("dead-letters", "show", "event-2")
    assert json.loads(shown.stdout) == {"id": "event-2", "subject": "68101/p1"}
    assert shown.stderr == "iamis.marks: LookupError: the paper is not there\n"


def test_one_that_was_given_up_twice_is_shown_twice(parked: Bus) -> None:
    park(parked, message(2))
    shown = iamis("dead-letters", "show", "event-2")
    assert shown.stdout == iamis("dead-letters", "show", "event-1").stdout.replace("-1", "-2") * 2
    assert shown.stderr == "iamis.marks: LookupError: the paper is not there\n" * 2


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"{\xff", "{\N{REPLACEMENT CHARACTER}"),
        (b'"\\ud800"', '"\\ud800"'),
        (b"[" * 100_000, "[" * 100_000),
        ('"Siân"'.encode(), '"Siân"'),
    ],
    ids=["no JSON", "half a character", "too deep", "JSON"],
)
def test_whatever_it_holds_is_shown(parked: Bus, body: bytes, text: str) -> None:
    park(parked, replace(message(4), body=body))
    shown = iamis("dead-letters", "show", "event-4")
    assert (shown.exit_code, shown.stdout) == (0, f"{text}\n")


def test_replaying_puts_them_back_and_is_audited(parked: Bus, database: Database) -> None:
    one = iamis("dead-letters", "replay", "event-2")
    assert (one.exit_code, one.output) == (0, "1 replayed.\n")
    rest = iamis("dead-letters", "replay", "--all", "--queue", QUEUE)
    assert (rest.exit_code, rest.output) == (0, "2 replayed.\n")
    assert (parked.counts(QUEUE).waiting, parked.counts(QUEUE).dead) == (3, 0)
    assert audited(database) == [
        (OPERATOR, "dead-letters.replay", QUEUE, ["event-2"]),
        (OPERATOR, "dead-letters.replay", QUEUE, ["event-1", "event-3"]),
    ]


def test_dropping_removes_them_and_is_audited(parked: Bus, database: Database) -> None:
    dropped = iamis("dead-letters", "drop", "event-1", "event-3")
    assert (dropped.exit_code, dropped.output) == (0, "2 dropped.\n")
    assert [letter.message.id for letter in parked.dead_letters(QUEUE)] == ["event-2"]
    assert audited(database) == [
        (OPERATOR, "dead-letters.drop", QUEUE, ["event-1", "event-3"]),
    ]


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["replay"], "--all"),
        (["drop", "event-1", "--all"], "--all"),
        (["replay", "event-1", "event-9"], "Not given up: event-9"),
        (["show", "event-9"], "Not given up: event-9"),
        (["list", "--queue", "iamis.tea"], "There is no queue iamis.tea, but iamis.marks."),
    ],
)
def test_what_is_not_clear_is_refused_and_changes_nothing(
    parked: Bus, database: Database, arguments: list[str], why: str
) -> None:
    refused = iamis("dead-letters", *arguments)
    assert refused.exit_code
    assert why in refused.output
    assert parked.counts(QUEUE).dead == 3
    assert audited(database) == []


def test_a_bus_that_is_not_there_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = iamis("dead-letters", "list")
    assert nothing.exit_code == 1
    assert "start the system once with this home" in nothing.output

    monkeypatch.setenv("IAMIS_AMQP_URL", "amqp://iamis:secret@127.0.0.1:1/")
    settings.cache_clear()
    unreachable = iamis("dead-letters", "list")
    assert unreachable.exit_code == 1
    assert "The bus cannot be used" in unreachable.output
    assert "secret" not in unreachable.output


def test_the_outbox_tells_what_waits(database: Database) -> None:
    assert iamis("outbox", "status").output == (
        "service  waiting  oldest, s  set aside\nmarks    0        0.0        0\n"
    )
    with database.transaction() as session:
        emit(session, "user.access_changed.v1", "users/u1", {"user_id": "u1", "access_version": 1})
    told = iamis("outbox", "status")
    assert told.exit_code == 0
    assert told.output.splitlines()[1].split()[:2] == ["marks", "1"]


def test_what_was_set_aside_is_told_and_goes_out_after_all(database: Database) -> None:
    with database.transaction() as session:
        emit(session, "user.access_changed.v1", "users/u1", {"user_id": "u1", "access_version": 1})
    with database.transaction() as session:
        session.execute(update(Outbox).values(set_aside_at=clock.now(), fault="too large"))
    told = iamis("outbox", "status")
    assert told.exit_code == 0
    assert told.output.splitlines()[1].split() == ["marks", "0", "0.0", "1"]

    again = iamis("outbox", "retry")
    assert (again.exit_code, again.output) == (0, "marks: 1 go out again.\n")
    assert iamis("outbox", "status").output.splitlines()[1].split()[::3] == ["marks", "0"]
    with database.reading() as session:
        row = session.scalars(select(AuditRow)).one()
    assert (row.action, row.by, row.after) == ("outbox.retried", OPERATOR, {"events": 1})
    assert iamis("outbox", "retry").output == ""


def test_an_outbox_that_cannot_be_looked_into_is_named() -> None:
    told = iamis("outbox", "status")
    assert told.exit_code == 1
    assert "marks.sqlite" in told.output
