"""Looking at queues and tending dead letters: short calls on a connection for each.

Every wait is bounded: by the heartbeat where the broker is silent, by the alarm's limit where it
takes nothing.
"""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager

import pika
from pika.adapters.blocking_connection import BlockingChannel

from shared.bus import BusError, DeadLetter
from shared.bus.rabbitmq.link import parameters
from shared.bus.rabbitmq.messages import Delivery, copy, delivery
from shared.bus.rabbitmq.topology import dead_queue

BLOCKED_SECONDS = 10.0
# The broker gives back a moment after it was told to: the next look is to see it.
LOOK_SECONDS = 0.02
LOOKS = 250


@contextmanager
def _channel(url: str) -> Iterator[BlockingChannel]:
    """A channel that confirms; what is in hand at its end goes back into its queue."""
    try:
        with pika.BlockingConnection(parameters(url, BLOCKED_SECONDS)) as connection:
            channel = connection.channel()
            channel.confirm_delivery()
            yield channel
    except (pika.exceptions.AMQPError, OSError) as error:
        raise BusError(f"RabbitMQ: {error!r}") from error


def _ready(channel: BlockingChannel, queue: str) -> int:
    return int(channel.queue_declare(queue, passive=True).method.message_count)


def ready(url: str, queues: Iterable[str]) -> dict[str, int]:
    """How many messages are ready in each of these queues."""
    with _channel(url) as channel:
        return {queue: _ready(channel, queue) for queue in queues}


def _taken(channel: BlockingChannel, queue: str) -> Iterator[Delivery]:
    """The dead letters of `queue`, each in hand until it is acknowledged."""
    where = dead_queue(queue)
    for _number in range(_ready(channel, where)):
        method, properties, body = channel.basic_get(where)
        if method is None:
            return
        yield delivery(method, properties, body)


def _give_back(channel: BlockingChannel, queue: str, count: int) -> None:
    """Let go of all that is in hand, and wait until so many can be taken again."""
    if not count:
        return
    channel.basic_nack(0, multiple=True)
    for _look in range(LOOKS):
        if _ready(channel, dead_queue(queue)) >= count:
            return
        channel.connection.sleep(LOOK_SECONDS)


def dead_letters(url: str, queue: str) -> list[DeadLetter]:
    with _channel(url) as channel:
        letters = [taken.dead_letter for taken in _taken(channel, queue)]
        _give_back(channel, queue, len(letters))
        return letters


def settle(url: str, queue: str, ids: Collection[str] | None, *, again: bool) -> int:
    """Take dead letters away, `again` with a copy confirmed in their queue; gives how many.

    A crash in between leaves both: the consumer knows the event by its id.
    """
    count = 0
    with _channel(url) as channel:
        in_hand = list(_taken(channel, queue))
        for taken in in_hand:
            if ids is not None and taken.message.id not in ids:
                continue
            if again:
                one = copy(taken.message, queue)
                channel.basic_publish(
                    one.exchange, one.routing_key, one.message.body, one.properties, mandatory=True
                )
            channel.basic_ack(taken.tag)
            count += 1
        _give_back(channel, queue, len(in_hand) - count)
    return count
