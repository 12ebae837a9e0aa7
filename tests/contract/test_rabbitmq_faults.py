"""RabbitMQ dies, hangs, or takes nothing: what was confirmed is handled, and every wait ends.

Limits are set short here; what they are is in `shared.bus.rabbitmq`.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from urllib.parse import urlsplit

import pytest

from shared.bus import EVENTS, INTERNAL, Binding, BusError, Message
from shared.bus.rabbitmq import RabbitMQBus, link, publisher
from shared.bus.rabbitmq.management import Management
from shared.launcher.rabbitmq import RabbitMQ
from tests.contract.test_bus import consuming, message
from tests.support.alarms import Alarm, alarms
from tests.support.proxy import Proxy, proxy_to
from tests.support.rabbitmq import Broker
from tests.support.waiting import wait_for

QUEUE = "iamis.test"
LADDER = (0.05, 0.1)
SECONDS = 60
HEARTBEAT_SECONDS = 1
CONFIRM_SECONDS = 1.0

Open = Callable[[], RabbitMQBus]


@pytest.fixture
def short_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link, "HEARTBEAT_SECONDS", HEARTBEAT_SECONDS)
    monkeypatch.setattr(publisher, "CONFIRM_SECONDS", CONFIRM_SECONDS)
    monkeypatch.setattr("shared.bus.rabbitmq.CONFIRM_SECONDS", CONFIRM_SECONDS)


@contextmanager
def opener(rabbitmq: RabbitMQ, url: str) -> Iterator[Open]:
    opened: list[RabbitMQBus] = []

    def open_one() -> RabbitMQBus:
        opened.append(RabbitMQBus(url, rabbitmq.management_url, LADDER))
        return opened[-1]

    open_one().declare(QUEUE, [Binding(EVENTS, "#")])
    yield open_one
    for bus in opened:
        bus.close()


@pytest.fixture
def open_bus(broker: Broker) -> Iterator[Open]:
    with opener(broker.rabbitmq, broker.new_host()) as opened:
        yield opened


@pytest.fixture
def proxy(broker: Broker) -> Iterator[Proxy]:
    with proxy_to(broker.rabbitmq.ports[0]) as running:
        yield running


@pytest.fixture
def through_proxy(broker: Broker, proxy: Proxy) -> Iterator[Open]:
    url = broker.new_host()
    port = urlsplit(url).port
    with opener(broker.rabbitmq, url.replace(f":{port}/", f":{proxy.port}/")) as opened:
        yield opened


def publish_until_confirmed(bus: RabbitMQBus, one: Message) -> None:
    """As the relay does, without its pauses."""

    def confirmed() -> bool:
        with suppress(BusError):
            return bus.publish([one]) == set()
        return False

    if not confirmed():
        wait_for(f"{one.id} is confirmed", confirmed, SECONDS)


def test_nothing_confirmed_is_lost_when_the_broker_is_killed(
    broker: Broker, open_bus: Open
) -> None:
    got: set[str] = set()
    confirmed: list[str] = []

    def publish() -> None:
        bus = open_bus()
        for number in range(300):
            one = message(number)
            publish_until_confirmed(bus, one)
            confirmed.append(one.id)

    publishing = threading.Thread(target=publish)
    with consuming(open_bus, lambda one: got.add(one.id), QUEUE):
        publishing.start()
        wait_for("a hundred are confirmed", lambda: len(confirmed) >= 100, SECONDS)
        broker.child.stop(0)
        broker.start_broker()
        publishing.join(SECONDS)
        wait_for("all are handled", lambda: got >= set(confirmed), SECONDS)
    assert len(confirmed) == 300
    bus = open_bus()
    wait_for("nothing is left", lambda: bus.depth(QUEUE) == 0, SECONDS)
    assert bus.dead_letters(QUEUE) == []


@pytest.mark.usefixtures("short_limits")
def test_a_publisher_cut_off_says_so_and_connects_anew(through_proxy: Open, proxy: Proxy) -> None:
    bus = through_proxy()
    bus.publish([message(1)])
    assert proxy.cut() == 1

    with pytest.raises(BusError):
        bus.publish([message(2)])
    assert bus.publish([message(2), message(3)]) == set()
    wait_for("all three are there", lambda: bus.depth(QUEUE) >= 3)


@pytest.mark.usefixtures("short_limits")
def test_a_consumer_cut_off_connects_anew_and_leaves_old_tags_alone(
    through_proxy: Open, proxy: Proxy
) -> None:
    in_hand, cut = threading.Event(), threading.Event()
    got: list[str] = []

    def slow_at_first(one: Message) -> None:
        in_hand.set()
        assert cut.wait(SECONDS)
        got.append(one.id)

    bus = through_proxy()
    bus.publish([message(number) for number in (1, 2, 3)])
    with consuming(through_proxy, slow_at_first, QUEUE):
        assert in_hand.wait(SECONDS)
        proxy.cut()
        cut.set()
        publish_until_confirmed(bus, message(4))
        wait_for("all four, again where need be", lambda: "event-4" in got, SECONDS)
        wait_for("nothing is left", lambda: through_proxy().depth(QUEUE) == 0, SECONDS)
    # What was in hand when the line was cut could not be acknowledged.
    assert got.count("event-1") == 2
    assert set(got) == {f"event-{number}" for number in (1, 2, 3, 4)}


@pytest.mark.usefixtures("short_limits")
def test_heartbeats_are_answered_while_a_handler_is_slow_and_a_publisher_idle(
    open_bus: Open,
) -> None:
    got: list[str] = []
    pause = threading.Event()

    def slow(one: Message) -> None:
        pause.wait(4 * HEARTBEAT_SECONDS)
        got.append(one.id)

    bus = open_bus()
    bus.publish([message(1)])
    with consuming(open_bus, slow, QUEUE):
        wait_for("it is handled", lambda: got, SECONDS)
        # Sent at once over a connection that stood idle for as long.
        assert bus.publish([message(2)]) == set()
        wait_for("the next as well", lambda: len(got) == 2, SECONDS)
    assert got == ["event-1", "event-2"]


@pytest.fixture(params=["memory", "disk"])
def alarm(broker: Broker, request: pytest.FixtureRequest) -> Iterator[Alarm]:
    alarm = alarms(broker.control)[request.param]
    yield alarm
    alarm.end()


@pytest.mark.usefixtures("short_limits")
def test_in_an_alarm_publishers_say_so_and_consumers_go_on(open_bus: Open, alarm: Alarm) -> None:
    got: list[str] = []
    bus = open_bus()
    bus.publish([message(number) for number in (1, 2)])
    alarm.begin()
    for _again in range(3):
        with pytest.raises(BusError):
            bus.publish([message(3)])
    with consuming(open_bus, lambda one: got.append(one.id), QUEUE):
        wait_for("what was there is handled", lambda: len(got) == 2, SECONDS)
        alarm.end()
        publish_until_confirmed(bus, message(3))
        wait_for("what had to wait is handled", lambda: "event-3" in got, SECONDS)
        wait_for("nothing is left", lambda: bus.depth(QUEUE) == 0, SECONDS)
    # Sent once before the alarm was noticed, and once after it.
    assert got.count("event-3") <= 2


@pytest.mark.usefixtures("short_limits")
def test_in_an_alarm_a_failed_message_is_kept_and_holds_up_no_other(
    open_bus: Open, alarm: Alarm
) -> None:
    got: list[str] = []
    failing = threading.Event()
    failing.set()

    def refuse_the_first(one: Message) -> None:
        if one.id == "event-1" and failing.is_set():
            raise ValueError("not now")
        got.append(one.id)

    bus = open_bus()
    bus.publish([message(number) for number in (1, 2, 3)])
    alarm.begin()
    with consuming(open_bus, refuse_the_first, QUEUE):
        wait_for("the others are handled", lambda: got == ["event-2", "event-3"], SECONDS)
        failing.clear()
        alarm.end()
        wait_for("and the first at last", lambda: "event-1" in got, SECONDS)
    assert bus.dead_letters(QUEUE) == []


def test_what_is_not_declared_is_a_fault_and_no_silence(open_bus: Open) -> None:
    bus = open_bus()
    with pytest.raises(BusError, match="no exchange"):
        bus.publish([message(1, exchange="iamis.nowhere")])
    assert bus.publish([message(1, exchange=INTERNAL)]) == {"event-1"}
    assert bus.publish([message(2)]) == set()


def test_a_broker_that_is_not_there_is_told(broker: Broker) -> None:
    url = broker.rabbitmq.url.replace(f":{broker.rabbitmq.ports[0]}/", ":1/")
    bus = RabbitMQBus(url)
    for call in (lambda: bus.publish([message(1)]), lambda: bus.depth(QUEUE)):
        with pytest.raises(BusError):
            call()
    with pytest.raises(BusError, match="management"):
        bus.declare(QUEUE, [])


def test_a_broker_that_gives_no_channel_keeps_no_connection(
    broker: Broker, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever tries again opens another: each would stay, alive by its heartbeats."""
    monkeypatch.setattr(publisher, "OPEN_SECONDS", CONFIRM_SECONDS)
    url = broker.new_host()
    opened = link.Link(link.parameters(url.replace(f":{urlsplit(url).port}/", f":{proxy.port}/")))
    assert proxy.cut() == 1
    with pytest.raises(BusError):
        publisher.Publisher(opened)
    assert not opened.alive
    opened.close()


def test_a_password_may_have_any_sign(broker: Broker) -> None:
    host = broker.new_host().rpartition("/")[2]
    with closing(Management(broker.rabbitmq.management_url, host)) as management:
        management.call("PUT", "/users/odd", {"password": "p@s:s/word", "tags": "management"})
        where = broker.rabbitmq.management_url.rpartition("@")[2]
        with closing(Management(f"http://odd:p%40s%3As%2Fword@{where}", host)) as odd:
            assert odd.call("GET", "/whoami")["name"] == "odd"
        management.call("DELETE", "/users/odd")
