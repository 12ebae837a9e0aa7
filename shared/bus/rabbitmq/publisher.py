"""Publishing: many messages on their way at once, and every one of them confirmed."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pika

from shared.bus import BusError, UnacceptableError
from shared.bus.rabbitmq.link import OPEN_SECONDS, Link, LinkTimeoutError, fail, fulfil
from shared.bus.rabbitmq.messages import Outgoing

CONFIRM_SECONDS = 15.0
# How the channel ends on which a message was published that is larger than the broker takes.
PRECONDITION_FAILED = 406


@dataclass
class Batch:
    """What was sent together: `left` are not confirmed yet, `returned` found no queue."""

    done: Future[set[str]]
    left: int
    refused: bool = False
    returned: set[str] = field(default_factory=set)

    def settle(self, *, refused: bool) -> None:
        self.left -= 1
        self.refused |= refused
        if self.left:
            return
        if self.refused:
            fail(self.done, BusError("RabbitMQ refused a message"))
        else:
            fulfil(self.done, self.returned)


class Publisher:
    """A channel that confirms, on a link of its own: only who publishes is held up by an alarm.

    Raises `BusError` where the broker gives none, and lets go of the link.
    """

    def __init__(self, link: Link) -> None:
        self.link = link
        # What follows is touched in the link's thread only.
        self._sent = 0
        self._settled = 0
        self._batch: Batch | None = None
        self._unconfirmed: dict[int, Batch] = {}
        try:
            self._channel = link.ask(self._open, OPEN_SECONDS)
        except BusError as error:
            link.retire(str(error))
            raise

    def publish(
        self, messages: Sequence[Outgoing], patience: float, confirm_seconds: float
    ) -> set[str]:
        """Send in order and wait for all; gives the ids of those that no queue took.

        Raises `BusError` where one was refused, or none was confirmed for `confirm_seconds`, or the
        end of an alarm did not come within `patience` seconds. In an alarm the link is kept, for
        what was sent on it will arrive; otherwise one that does not confirm is taken for dead.
        """
        if not self.link.unblocked.wait(patience):
            raise BusError("RabbitMQ takes nothing: it is short of memory or disk")
        try:
            returned: set[str] = self.link.ask(
                partial(self._send, messages), confirm_seconds, lambda: self._settled
            )
        except LinkTimeoutError as error:
            if self.link.unblocked.is_set():
                self.link.retire(str(error))
            raise
        return returned

    def _open(self, connection: pika.SelectConnection, ready: Future[Any]) -> None:
        def opened(channel: pika.channel.Channel) -> None:
            channel.add_on_close_callback(self._on_closed)
            channel.add_on_return_callback(self._on_return)
            channel.confirm_delivery(self._on_confirm, callback=lambda _: fulfil(ready, channel))

        connection.channel(on_open_callback=opened)

    def _send(
        self,
        messages: Sequence[Outgoing],
        _connection: pika.SelectConnection,
        done: Future[set[str]],
    ) -> None:
        self._batch = Batch(done, len(messages))
        publish: Callable[..., None] = self._channel.basic_publish
        for one in messages:
            self._sent += 1
            self._unconfirmed[self._sent] = self._batch
            publish(one.exchange, one.routing_key, one.message.body, one.properties, mandatory=True)

    def _on_return(
        self, _channel: object, _method: object, properties: pika.BasicProperties, _body: bytes
    ) -> None:
        if self._batch:
            self._batch.returned.add(properties.message_id)

    def _on_confirm(self, frame: pika.frame.Method) -> None:
        refused = isinstance(frame.method, pika.spec.Basic.Nack)
        last = frame.method.delivery_tag
        # Tags grow, and so do the keys: those up to the last one come first.
        first = next(iter(self._unconfirmed), last) if frame.method.multiple else last
        for tag in range(first, last + 1):
            batch = self._unconfirmed.pop(tag, None)
            if batch:
                self._settled += 1
                batch.settle(refused=refused)

    def _on_closed(self, _channel: object, reason: Exception) -> None:
        refused = getattr(reason, "reply_code", None) == PRECONDITION_FAILED
        # The link ends first: who is told of it may publish again at once.
        self.link.retire(f"RabbitMQ: {reason!r}", UnacceptableError if refused else BusError)
