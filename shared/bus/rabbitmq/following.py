"""Reading a queue as a tool does: nothing is published, and what was not taken stays."""

import logging
import threading
from contextlib import closing

from shared.bus import BusError, GoneError, Take
from shared.bus.pauses import Pauses
from shared.bus.rabbitmq.consuming import POLL_SECONDS
from shared.bus.rabbitmq.link import Link, parameters
from shared.bus.rabbitmq.subscription import Subscription

log = logging.getLogger(__name__)


class Follower:
    """Follows queues of the broker at `url`."""

    def __init__(self, url: str) -> None:
        self._parameters = parameters(url)
        self._absences = Pauses()

    def follow(self, queue: str, take: Take, stop: threading.Event) -> None:
        """Hand over the queue's messages until `stop`; a handler that raises ends it.

        Its message stays in the queue. A broker that is away is waited for; `GoneError` where the
        queue is not there, or not for this user.
        """
        while not stop.is_set():
            try:
                self._session(queue, take, stop)
            except GoneError:
                raise
            except BusError as error:
                log.warning("the broker is away: %s", error)
                stop.wait(self._absences.failed())

    def close(self) -> None:
        """Nothing is open between sessions."""

    def _session(self, queue: str, take: Take, stop: threading.Event) -> None:
        with closing(Link(self._parameters)) as link:
            subscription = Subscription(link, queue)
            self._absences.succeeded()
            while not stop.is_set():
                for delivery in subscription.take(POLL_SECONDS, 1):
                    take(delivery.message)
                    subscription.acknowledge([delivery.tag])
            subscription.close()
