"""RabbitMQ as the bus: durable topic exchanges and a quorum queue for each consumer.

A failed message goes on as a confirmed copy, and only then is the original let go of: into a queue
that gives it back after a pause, and after the ladder into the dead letters. What is declared
is in `topology`; declaring it needs the management API, nothing else does.
"""

import threading
from collections.abc import Callable, Collection, Sequence
from functools import partial

from shared.bus import (
    RETRY_LADDER_SECONDS,
    Binding,
    BusError,
    Counts,
    DeadLetter,
    Handle,
    Message,
    no_queue,
    nothing,
)
from shared.bus.rabbitmq import looking, topology
from shared.bus.rabbitmq.consuming import Consumption
from shared.bus.rabbitmq.declaring import declare
from shared.bus.rabbitmq.link import Link, LinkTimeoutError, parameters
from shared.bus.rabbitmq.management import Management
from shared.bus.rabbitmq.messages import Outgoing, copy, event
from shared.bus.rabbitmq.publisher import CONFIRM_SECONDS, Publisher

# So many times the usual bound a confirm is waited for at most, once it came too late.
SLOWEST = 8


class RabbitMQBus:
    """An adapter of `shared.bus.Bus`; connects when it has to, and again after each failure.

    `url` is AMQP's; `management_url`, `http://user:password@host:port`, is needed by `declare`.
    """

    def __init__(
        self,
        url: str,
        management_url: str | None = None,
        ladder: Sequence[float] = RETRY_LADDER_SECONDS,
    ) -> None:
        self._url = url
        self._management_url = management_url
        self._ladder = ladder
        self._parameters = parameters(url)
        self._publisher: Publisher | None = None
        self._slower = 1

    def declare(self, queue: str, bindings: Sequence[Binding]) -> None:
        if not self._management_url:
            raise BusError("without the URL of RabbitMQ's management API nothing can be declared")
        management = Management(self._management_url, self._parameters.virtual_host)
        declare(management, topology.queues(queue, self._ladder), queue, bindings)
        management.close()

    def publish(self, messages: Sequence[Message]) -> set[str]:
        if not messages:
            return set()
        return self._confirmed([event(message) for message in messages], CONFIRM_SECONDS)

    def deliver(self, queue: str, messages: Sequence[Message]) -> None:
        if messages and self._confirmed([copy(one, queue) for one in messages], CONFIRM_SECONDS):
            raise no_queue(queue)

    def consume(
        self,
        queue: str,
        handle: Handle,
        stop: threading.Event,
        beat: Callable[[], None] = nothing,
    ) -> None:
        # Others in the queue do not wait for the end of an alarm.
        publish = partial(self._confirmed, patience=0)
        Consumption(queue, self._ladder, self._open_link, publish).run(handle, stop, beat)

    def counts(self, queue: str) -> Counts:
        names = topology.queues(queue, self._ladder)
        ready = looking.ready(self._url, names)
        dead = ready.pop(topology.dead_queue(queue))
        return Counts(waiting=sum(ready.values()), dead=dead)

    def depth(self, queue: str) -> int:
        return self.counts(queue).waiting

    def dead_letters(self, queue: str) -> list[DeadLetter]:
        return looking.dead_letters(self._url, queue)

    def replay(self, queue: str, ids: Collection[str] | None = None) -> int:
        return looking.settle(self._url, queue, ids, again=True)

    def drop(self, queue: str, ids: Collection[str] | None = None) -> int:
        return looking.settle(self._url, queue, ids, again=False)

    def close(self) -> None:
        if self._publisher:
            self._publisher.link.close()

    def _open_link(self) -> Link:
        return Link(self._parameters)

    def _confirmed(self, messages: Sequence[Outgoing], patience: float) -> set[str]:
        if not (self._publisher and self._publisher.link.alive):
            self._publisher = Publisher(self._open_link())
        bound = CONFIRM_SECONDS * self._slower
        try:
            returned = self._publisher.publish(messages, patience, bound)
        except LinkTimeoutError:
            # Sent again, they are waited for longer: what comes late has come each time.
            self._slower = min(self._slower * 2, SLOWEST)
            raise
        self._slower = 1
        return returned
