"""Messages that RabbitMQ does not take, takes slowly, or hands out with headers nobody wrote."""

from contextlib import suppress
from urllib.parse import urlsplit

import pika
import pytest

from shared.bus import EVENTS, Binding, BusError, Message, UnacceptableError
from shared.bus.rabbitmq import RabbitMQBus
from shared.bus.rabbitmq.messages import ABOVE_THE_LADDER, ATTEMPTS, delivery
from tests.contract.conftest import QUEUE, OpenBus, on_rabbitmq
from tests.contract.test_bus import consuming, message
from tests.support.proxy import proxy_to
from tests.support.rabbitmq import Broker
from tests.support.waiting import wait_for

LIMIT = "application:{}_env(rabbit, max_message_size{})."


@pytest.fixture
def open_bus(broker: Broker) -> OpenBus:
    return on_rabbitmq(broker)


def test_one_that_is_too_large_is_no_fault_of_the_broker(broker: Broker, open_bus: OpenBus) -> None:
    bus = open_bus()
    bus.declare(QUEUE, [Binding(EVENTS, "#")])
    large = Message("large", EVENTS, "k", b"x" * 200_000)
    broker.control("eval", LIMIT.format("set", ", 100000"))
    # Read by a channel when it is opened.
    try:
        with pytest.raises(UnacceptableError, match="larger than"):
            bus.publish([message(1), large, message(2)])
        assert bus.publish([message(3)]) == set()
    finally:
        broker.control("eval", LIMIT.format("set", ", 134217728"))
    bus.close()
    again = open_bus()
    assert again.publish([large]) == set()


@pytest.mark.parametrize(
    ("told", "counted"),
    [(0, 0), (3, 3), (-1, ABOVE_THE_LADDER), (True, ABOVE_THE_LADDER), ("2", ABOVE_THE_LADDER)],
)
def test_attempts_that_are_no_number_are_above_the_ladder(told: object, counted: int) -> None:
    method = pika.spec.Basic.Deliver(delivery_tag=1, exchange="e", routing_key="k")
    properties = pika.BasicProperties(message_id="m", headers={ATTEMPTS: told})
    assert delivery(method, properties, b"{}").attempts == counted


def test_one_with_a_bad_header_is_parked_and_comes_round_no_more(open_bus: OpenBus) -> None:
    bus = open_bus()
    bus.declare(QUEUE, [Binding(EVENTS, "#")])
    assert isinstance(bus, RabbitMQBus)
    with pika.BlockingConnection(pika.URLParameters(bus._url)) as connection:  # noqa: SLF001 - its host
        headers = {ATTEMPTS: "many"}
        properties = pika.BasicProperties(message_id="bad", headers=headers)
        connection.channel().basic_publish("", QUEUE, b"{}", properties)

    got: list[str] = []

    def fail(one: Message) -> None:
        got.append(one.id)
        raise ValueError("poison")

    with consuming(open_bus, fail):
        wait_for("it is parked", lambda: bus.counts(QUEUE).dead == 1)
    assert got == ["bad"]


def test_what_is_confirmed_late_is_waited_for_longer_each_time(
    broker: Broker, open_bus: OpenBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.bus.rabbitmq.CONFIRM_SECONDS", 0.2)
    bus = open_bus()
    assert isinstance(bus, RabbitMQBus)
    bus.declare(QUEUE, [Binding(EVENTS, "#")])
    with proxy_to(broker.rabbitmq.ports[0]) as proxy:
        url = bus._url  # noqa: SLF001 - its host
        slow = RabbitMQBus(url.replace(f":{urlsplit(url).port}/", f":{proxy.port}/"))
        proxy.delay = 0.3
        attempts = 0

        def confirmed() -> bool:
            nonlocal attempts
            attempts += 1
            with suppress(BusError):
                return slow.publish([message(1)]) == set()
            return False

        wait_for("it is confirmed", confirmed, 60)
        slow.close()
    assert attempts > 1
    # Each attempt has arrived, and the last one was waited for.
    assert bus.depth(QUEUE) == attempts
