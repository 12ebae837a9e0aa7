"""Tools outside: what they may read, and that they miss nothing."""

import signal
import stat
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pika
import pytest
from sqlalchemy import select

from shared.audit import OPERATOR, AuditRow
from shared.bus import EVENTS, INTERNAL, Binding, Bus, Message
from shared.bus.embedded_tools import EmbeddedTools
from shared.bus.rabbitmq import RabbitMQBus
from shared.bus.rabbitmq.tools import ARGUMENTS
from shared.db import Database
from shared.events.schemas import EVENT_TYPES
from shared.launcher.ports import free_ports
from shared.runtime import open_bus
from shared.settings import settings
from tests.integration.shared.tools.calls import added, iamis, message
from tests.support.proxy import proxy_to
from tests.support.rabbitmq import Broker
from tests.support.subscriber import drop_half_a_line, subscribed
from tests.support.waiting import wait_for

SECONDS = 60


def test_a_tool_may_come_before_the_services(
    broker: Broker, on_rabbitmq: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bound to exchanges that are not there, it would miss everything and nobody would know."""
    assert on_rabbitmq
    url = broker.new_host()
    monkeypatch.setenv("IAMIS_AMQP_URL", url)
    settings.cache_clear()
    added("early", "--bind", "marks.#")
    with closing(RabbitMQBus(url)) as bus:
        assert bus.publish([message(1)]) == set()


def test_a_tool_is_added_listed_and_removed(bus: Bus, database: Database) -> None:
    told = added("scores", "--bind", "marks.submitted.#", "--centre", "68101")
    assert "Queue: iamis.tool.scores" in told
    added("all", "--bind", "marks.#", "--bind", "sample.#")
    bus.publish([message(1), message(2, centre="68102"), message(3, exchange=INTERNAL)])

    def listed() -> list[list[str]]:
        return [line.split() for line in iamis("tools", "list").output.splitlines()[1:]]

    expected = [["all", "2", "marks.#", "sample.#"], ["scores", "1", "marks.submitted.*.68101.#"]]
    wait_for("the events are there", lambda: listed() == expected)
    assert "There is a tool all already." in iamis("tools", "add", "all", "--bind", "#").output

    assert iamis("tools", "remove", "all").output == "The tool all is gone.\n"
    assert iamis("tools", "remove", "all").exit_code == 1
    assert [line[0] for line in listed()] == ["scores"]
    with database.reading() as session:
        rows = session.scalars(select(AuditRow).order_by(AuditRow.at)).all()
        assert [(row.by, row.action, row.subject) for row in rows] == [
            (OPERATOR, "tools.add", "tools/scores"),
            (OPERATOR, "tools.add", "tools/all"),
            (OPERATOR, "tools.remove", "tools/all"),
        ]


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["Scores", "--bind", "#"], "small letters"),
        (["scores", "--bind", "marks..v1"], "marks..v1 cannot be bound."),
        (
            ["scores", "--bind", "marks.#", "--bind", "nope.#"],
            "No event comes to nope.#. There are",
        ),
        (["scores", "--bind", "nope.#", "--centre", "68101"], "No event comes to nope.*.*.68101.#"),
        (["scores", "--bind", "marks.submitted.v1"], "sample.generated.v1"),
        (
            ["scores", "--bind", "marks.submitted.v1.68101.#", "--centre", "68101"],
            "cannot be bound",
        ),
        (["scores", "--bind", "#", "--centre", "1"], "1 is not a centre number."),
        (["scores"], "--bind"),
        (["scores", "--bind", "#", "--at", "rabbitmq:5672"], "like amqps://host:port"),
        (["scores", "--bind", "#", "--at", "amqps://us:them@host"], "like amqps://host:port"),
        (["scores", "--bind", "#", "--at", "amqps://host:port"], "like amqps://host:port"),
    ],
)
def test_what_makes_no_tool_is_refused(arguments: list[str], why: str) -> None:
    refused = iamis("tools", "add", *arguments)
    assert refused.exit_code == 2
    assert why in refused.output


@pytest.mark.usefixtures("bus")
def test_a_subscriber_killed_and_started_again_has_every_event(tmp_path: Path) -> None:
    added("scores", "--bind", "marks.#")
    arguments = ("--queue", "scores")
    output = tmp_path / "events"
    wanted = [f"event-{number}" for number in range(300)]

    def publish() -> None:
        with closing(open_bus()) as publishing:
            for number in range(300):
                publishing.publish([message(number)])

    publisher = threading.Thread(target=publish)
    with subscribed(tmp_path, output, *arguments) as first:
        publisher.start()
        wait_for("a few are printed", first.has_printed(20), SECONDS)
    assert first.process.returncode == -signal.SIGKILL
    publisher.join(SECONDS)
    drop_half_a_line(output)

    with subscribed(tmp_path, output, "--queue", "iamis.tool.scores") as second:
        wait_for("all are printed", second.has_printed(300), SECONDS)
        second.process.send_signal(signal.SIGINT)
        assert second.process.wait(SECONDS) == 0
    assert list(dict.fromkeys(second.printed())) == wanted


def test_a_queue_that_is_not_there_is_told(bus: Bus, tmp_path: Path) -> None:
    bus.publish([message(1)])
    with subscribed(tmp_path, tmp_path / "events", "--queue", "nobody") as subscriber:
        assert subscriber.process.wait(SECONDS) == 1


def test_a_subscriber_of_a_tool_that_is_removed_ends_and_says_why(bus: Bus, tmp_path: Path) -> None:
    added("scores", "--bind", "#")
    with subscribed(tmp_path, tmp_path / "events", "--queue", "scores") as reading:
        bus.publish([message(1)])
        wait_for("it reads", reading.has_printed(1), SECONDS)
        assert iamis("tools", "remove", "scores").exit_code == 0
        assert reading.process.wait(SECONDS) == 1


def test_a_subscriber_waits_for_a_broker_that_is_away_when_it_starts(
    tool_url: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    reached = urlsplit(tool_url).port
    assert reached
    (port,) = free_ports(1)
    url = tool_url.replace(f":{reached}/", f":{port}/")
    told: list[str] = []

    def told_of() -> int:
        told.append(capfd.readouterr().err)
        return "".join(told).count("the broker is away")

    with subscribed(tmp_path, tmp_path / "events", "--queue", "scores", "--url", url) as reading:
        wait_for("it has tried more than once", lambda: told_of() > 3, SECONDS)
        with closing(open_bus()) as bus:
            bus.publish([message(1)])
        with proxy_to(reached, port):
            wait_for("it reads", reading.has_printed(1), SECONDS)


def test_a_subscriber_whose_access_is_taken_away_ends(tool_url: str, tmp_path: Path) -> None:
    output = tmp_path / "events"
    with subscribed(tmp_path, output, "--queue", "scores", "--url", tool_url) as reading:
        with closing(open_bus()) as bus:
            bus.publish([message(1)])
        wait_for("it reads", reading.has_printed(1), SECONDS)
        assert iamis("tools", "remove", "scores").exit_code == 0
        assert reading.process.wait(SECONDS) == 1


def test_the_password_may_go_into_a_file(on_rabbitmq: str, tmp_path: Path) -> None:
    file = tmp_path / "url"
    told = added("scores", "--bind", "#", "--url-file", str(file))
    assert "amqp://" not in told
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with closing(open_bus()) as bus:
        bus.publish([message(1)])
    with subscribed(
        tmp_path, tmp_path / "events", "--queue", "scores", "--url-file", str(file)
    ) as reading:
        wait_for("it is printed", reading.has_printed(1), SECONDS)
    assert pika.URLParameters(file.read_text()).port == pika.URLParameters(on_rabbitmq).port


def test_without_a_broker_there_is_no_url_to_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IAMIS_HOME", str(tmp_path))
    monkeypatch.delenv("IAMIS_AMQP_URL", raising=False)
    settings.cache_clear()
    file = tmp_path / "url"
    refused = iamis("tools", "add", "scores", "--bind", "#", "--url-file", str(file))
    assert refused.exit_code == 2
    assert "`iamis subscribe --queue NAME` needs none" in " ".join(refused.output.split())
    assert not file.exists()


def test_a_tool_elsewhere_is_told_where_it_reaches_the_broker(on_rabbitmq: str) -> None:
    at = ("--at", "amqps://events.example:5671")
    url = pika.URLParameters(added("scores", "--bind", "#", *at).partition("URL: ")[2].strip())
    assert (url.host, url.port, bool(url.ssl_options)) == ("events.example", 5671, True)
    assert url.virtual_host == pika.URLParameters(on_rabbitmq).virtual_host
    assert url.credentials.username == "iamis-tool-scores"


def test_the_help_tells_what_may_be_bound() -> None:
    told = " ".join(iamis("tools", "add", "--help").output.split())
    for key, one in EVENT_TYPES.items():
        assert (key in told) == (one.exchange == EVENTS), key


Try = Callable[[pika.adapters.blocking_connection.BlockingChannel], object]
REFUSED: dict[str, Try] = {
    "reading a service's queue": lambda one: one.basic_get("iamis.marks"),
    "reading another tool's queue": lambda one: one.basic_get("iamis.tool.other"),
    "publishing an event": lambda one: one.basic_publish(EVENTS, "marks.submitted.v1", b"{}"),
    "publishing to a queue": lambda one: one.basic_publish("", "iamis.marks", b"{}"),
    "declaring a queue": lambda one: one.queue_declare("iamis.tool.scores.more", durable=True),
    "binding its queue": lambda one: one.queue_bind("iamis.tool.scores", INTERNAL, "#"),
    "removing its queue": lambda one: one.queue_delete("iamis.tool.scores"),
    "emptying a service's queue": lambda one: one.queue_purge("iamis.marks"),
}


@pytest.fixture
def tool_url(on_rabbitmq: str) -> str:
    assert on_rabbitmq
    settings.cache_clear()
    added("other", "--bind", "#")
    return added("scores", "--bind", "#").partition("URL: ")[2].strip()


def test_a_tool_may_read_its_own_queue_and_do_nothing_else(tool_url: str) -> None:
    with pika.BlockingConnection(pika.URLParameters(tool_url)) as connection:
        assert connection.channel().basic_get("iamis.tool.scores") == (None, None, None)
        for what, attempt in REFUSED.items():
            channel = connection.channel()
            channel.confirm_delivery()
            with pytest.raises(pika.exceptions.ChannelClosedByBroker) as caught:
                attempt(channel)
            assert caught.value.reply_code == 403, what


def test_a_removed_tool_is_shut_out(tool_url: str) -> None:
    assert iamis("tools", "remove", "scores").exit_code == 0
    with pytest.raises(pika.exceptions.ProbableAuthenticationError):
        pika.BlockingConnection(pika.URLParameters(tool_url))


def test_a_full_queue_drops_its_oldest(tmp_path: Path) -> None:
    with closing(EmbeddedTools(tmp_path / "bus.sqlite")) as bus:
        bus.add("scores", [Binding(EVENTS, "#")], limit=3)
        bus.publish([message(number) for number in range(10)])
        got: list[str] = []
        stop = threading.Event()

        def take(one: Message) -> None:
            got.append(one.id)
            if len(got) == 3:
                stop.set()

        bus.follow("iamis.tool.scores", take, stop)
    assert got == ["event-7", "event-8", "event-9"]


def test_a_full_queue_of_the_broker_drops_its_oldest(
    on_rabbitmq: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ARGUMENTS, "x-max-length", 3)
    added("scores", "--bind", "#")
    with closing(RabbitMQBus(on_rabbitmq)) as bus:
        bus.publish([message(number) for number in range(10)])
    waiting = iamis("tools", "list")
    assert waiting.output.splitlines()[1].split()[:2] == ["scores", "3"]
