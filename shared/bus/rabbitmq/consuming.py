"""Handing a queue's messages to a handler, and failed ones to the ladder."""

import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import closing

from shared.bus import AwayError, BusError, Handle, nothing
from shared.bus.failures import described, tell
from shared.bus.pauses import Pauses
from shared.bus.rabbitmq.link import Link
from shared.bus.rabbitmq.messages import Delivery, Outgoing, copy
from shared.bus.rabbitmq.subscription import Subscription
from shared.bus.rabbitmq.topology import dead_queue, retry_queue

# How soon a stop is seen where nothing arrives.
POLL_SECONDS = 0.2

log = logging.getLogger(__name__)


Publish = Callable[[Sequence[Outgoing]], set[str]]


class Consumption:
    """Consumes `queue`: `open_link` connects, `publish` has copies confirmed."""

    def __init__(
        self, queue: str, ladder: Sequence[float], open_link: Callable[[], Link], publish: Publish
    ) -> None:
        self._queue = queue
        self._ladder = ladder
        self._open_link = open_link
        self._publish = publish
        self._absences = Pauses()
        # Handled in vain, and their copies not confirmed yet: others do not wait for these.
        self._failed: dict[int, Outgoing] = {}
        self._refusals = Pauses()

    def run(
        self, handle: Handle, stop: threading.Event, beat: Callable[[], None] = nothing
    ) -> None:
        """Consume until `stop` is set; a broker that is away is waited for, as is the handler."""
        while not stop.is_set():
            try:
                self._session(handle, stop, beat)
            except (BusError, AwayError) as error:
                log.warning("not consuming", extra={"queue": self._queue, "error": str(error)})
                stop.wait(self._absences.failed())

    def _session(self, handle: Handle, stop: threading.Event, beat: Callable[[], None]) -> None:
        """Consume on one connection, until it ends; it takes back what was not acknowledged."""
        self._failed.clear()
        with closing(self._open_link()) as link:
            subscription = Subscription(link, self._queue)
            while not stop.is_set():
                arrived = subscription.take(POLL_SECONDS)
                if arrived:
                    self._hand_over(arrived, handle, subscription)
                self._pass_on(subscription)
                self._absences.succeeded()
                beat()
            subscription.close()

    def _hand_over(
        self, arrived: Sequence[Delivery], handle: Handle, subscription: Subscription
    ) -> None:
        failures = handle([delivery.message for delivery in arrived])
        for place, error in failures.items():
            delivery = arrived[place]
            self._failed[delivery.tag] = self._copy(delivery, error)
            tell(delivery.message, delivery.attempts, len(self._ladder), error)
        done = [one.tag for place, one in enumerate(arrived) if place not in failures]
        subscription.acknowledge(done, all_before=not self._failed)

    def _copy(self, delivery: Delivery, error: Exception) -> Outgoing:
        """The message as it goes to the next pause, or to the dead letters after the last."""
        attempts = delivery.attempts
        where = dead_queue(self._queue)
        if attempts < len(self._ladder):
            where = retry_queue(self._queue, self._ladder[attempts])
        return copy(delivery.message, where, attempts + 1, described(error))

    def _pass_on(self, subscription: Subscription) -> None:
        """Have the copies of what failed confirmed, and only then let go of the originals."""
        if not (self._failed and self._refusals.over):
            return
        try:
            unroutable = self._publish(list(self._failed.values()))
        except BusError as error:
            log.warning("not passed on", extra={"queue": self._queue, "error": str(error)})
            self._refusals.failed()
            return
        if unroutable:
            raise BusError("the queues that messages wait in are not there")
        self._refusals.succeeded()
        subscription.acknowledge(list(self._failed))
        self._failed.clear()
