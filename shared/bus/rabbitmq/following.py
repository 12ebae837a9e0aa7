"""Reading a queue as a tool does: nothing is published, and what was not taken stays."""

import logging
import threading
from contextlib import closing

from shared.bus import BusError, GoneError, Take
from shared.bus.pauses import Pauses
from shared.bus.rabbitmq.consuming import POLL_SECONDS
from shared.bus.rabbitmq.link import Link, parameters
from shared.bus.rabbitmq.subscription import Subscription

# How often a broker that does not answer at the beginning is tried: it may only be busy.
ATTEMPTS = 3

log = logging.getLogger(__name__)


class Follower:
    """Follows queues of the broker at `url`."""

    def __init__(self, url: str) -> None:
        self._parameters = parameters(url)
        self._began = False
        self._absences = Pauses()

    def follow(self, queue: str, take: Take, stop: threading.Event) -> None:
        """Hand over the queue's messages until `stop`; a handler that raises ends it.

        Its message stays in the queue. A broker that goes away later is waited for; `BusError`
        where the queue cannot be read at the beginning, `GoneError` where it is removed later.
        """
        failures = 0
        while not stop.is_set():
            try:
                self._session(queue, take, stop)
            except GoneError:
                raise
            except BusError as error:
                failures += 1
                if not self._began and failures == ATTEMPTS:
                    raise
                log.warning("the broker is away: %s", error)
                stop.wait(self._absences.failed())

    def close(self) -> None:
        """Nothing is open between sessions."""

    def _session(self, queue: str, take: Take, stop: threading.Event) -> None:
        with closing(Link(self._parameters)) as link:
            subscription = Subscription(link, queue)
            self._began = True
            self._absences.succeeded()
            while not stop.is_set():
                for delivery in subscription.take(POLL_SECONDS, 1):
                    take(delivery.message)
                    subscription.acknowledge([delivery.tag])
            subscription.close()
