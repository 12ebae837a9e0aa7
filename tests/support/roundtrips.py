"""How long the way through the system takes, beside the way through the broker alone."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from statistics import median, quantiles

import pika

from shared.bus.rabbitmq import RabbitMQBus
from tests.support.stack import Stack

QUEUE = "iamis.roundtrip"
BODY = b"x" * 1024


def seconds_of(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def summary(name: str, seconds: Sequence[float]) -> str:
    """A line with median and 95th percentile."""
    p95 = quantiles(seconds, n=20)[-1]
    middle = median(seconds) * 1000
    return f"{name}: median {middle:.1f} ms, p95 {p95 * 1000:.1f} ms ({len(seconds)} times)"


@contextmanager
def raw_round_trips(stack: Stack) -> Iterator[Callable[[], None]]:
    """Publish one durable message, confirmed, consume it and acknowledge it, on a quorum queue."""
    url = stack.home.secret("amqp-url")
    with closing(RabbitMQBus(url, stack.home.secret("amqp-management-url"), ())) as bus:
        bus.declare(QUEUE, [])
    with pika.BlockingConnection(pika.URLParameters(url)) as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        incoming = channel.consume(QUEUE)
        kept = pika.BasicProperties(delivery_mode=pika.DeliveryMode.Persistent)

        def once() -> None:
            channel.basic_publish("", QUEUE, BODY, kept, mandatory=True)
            method, _properties, _body = next(incoming)
            channel.basic_ack(method.delivery_tag)

        yield once
        channel.cancel()
