"""Taking messages from a queue: handed over by the link's thread, acknowledged through it."""

import queue as queues
from collections.abc import Sequence
from concurrent.futures import Future
from functools import partial
from typing import Any

import pika

from shared.bus import BusError, GoneError
from shared.bus.rabbitmq.link import OPEN_SECONDS, Link, fulfil
from shared.bus.rabbitmq.messages import Delivery, delivery

# Enough that the network is never waited for, and little to be handed over again after a crash.
PREFETCH = 200
# So many at a time are handed on: the next ones arrive while these are handled.
TOGETHER = 100
# How a channel ends on which a queue was asked for that is not there, or not for this user.
NOT_THERE = frozenset({403, 404})


class Subscription:
    """A channel that consumes one queue. A tag means nothing on any other channel."""

    def __init__(self, link: Link, queue: str) -> None:
        self._link = link
        self._queue = queue
        self._arrived: queues.SimpleQueue[Delivery | None] = queues.SimpleQueue()
        link.on_end = partial(self._arrived.put, None)
        self._channel = link.ask(self._open, OPEN_SECONDS)

    def take(self, seconds: float, most: int = TOGETHER) -> list[Delivery]:
        """What has arrived, at most so many; waits so long for the first. `BusError` at the end."""
        taken: list[Delivery] = []
        try:
            arrived = self._arrived.get(timeout=seconds)
            while arrived is not None:
                taken.append(arrived)
                if len(taken) == most:
                    return taken
                arrived = self._arrived.get_nowait()
        except queues.Empty:
            return taken
        self._link.check()
        raise BusError("RabbitMQ is gone")

    def acknowledge(self, tags: Sequence[int], *, all_before: bool = False) -> None:
        """Let go of these; `all_before` says that nothing older is in hand."""
        if tags:
            self._link.tell(partial(self._acknowledge, tags, all_before=all_before))

    def _acknowledge(self, tags: Sequence[int], *, all_before: bool) -> None:
        if all_before:
            self._channel.basic_ack(tags[-1], multiple=True)
            return
        for tag in tags:
            self._channel.basic_ack(tag)

    def close(self) -> None:
        """Give back what was handed over and not acknowledged, after all that was."""
        if self._link.alive:
            self._link.ask(self._close, OPEN_SECONDS)

    def _open(self, connection: pika.SelectConnection, ready: Future[Any]) -> None:
        def opened(channel: pika.channel.Channel) -> None:
            channel.add_on_close_callback(self._on_closed)
            channel.add_on_cancel_callback(self._on_cancelled)
            channel.basic_qos(prefetch_count=PREFETCH, callback=partial(begin, channel))

        def begin(channel: pika.channel.Channel, _frame: object) -> None:
            channel.basic_consume(
                self._queue, self._on_message, callback=lambda _: fulfil(ready, channel)
            )

        connection.channel(on_open_callback=opened)

    def _on_message(
        self,
        _channel: object,
        method: pika.spec.Basic.Deliver,
        properties: pika.BasicProperties,
        body: bytes,
    ) -> None:
        self._arrived.put(delivery(method, properties, body))

    def _close(self, _connection: object, closed: Future[Any]) -> None:
        self._channel.add_on_close_callback(lambda *_: fulfil(closed, None))
        self._channel.close()

    def _on_cancelled(self, _frame: object) -> None:
        self._link.retire(f"the queue {self._queue} was removed", GoneError)

    def _on_closed(self, _channel: object, reason: Exception) -> None:
        if isinstance(reason, pika.exceptions.ChannelClosedByClient):
            return
        gone = getattr(reason, "reply_code", None) in NOT_THERE
        self._link.retire(f"RabbitMQ: {reason!r}", GoneError if gone else BusError)
