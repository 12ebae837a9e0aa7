"""What waits, as Prometheus sees it: looked at every few seconds where relay and consumer run.

Not at each scrape: a broker that hangs is not to hold up the metrics that would tell of it.
"""

import logging
import threading
from collections.abc import Callable
from contextlib import closing
from functools import partial
from math import nan
from typing import TypeVar

from prometheus_client import Gauge

from shared.bus import Bus
from shared.db import Database
from shared.events.backlog import Backlog, backlog
from shared.mail import queue as mail
from shared.service import queue_of

SECONDS = 10.0

OUTBOX_WAITING = Gauge(
    "iamis_outbox_waiting", "Events not published yet", ["service"], multiprocess_mode="mostrecent"
)
OUTBOX_OLDEST = Gauge(
    "iamis_outbox_oldest_seconds",
    "How long the oldest event not published yet has waited",
    ["service"],
    multiprocess_mode="mostrecent",
)
OUTBOX_ASIDE = Gauge(
    "iamis_outbox_set_aside",
    "Events set aside, for the bus never takes them",
    ["service"],
    multiprocess_mode="mostrecent",
)
QUEUE_WAITING = Gauge(
    "iamis_queue_waiting", "Events not handled yet", ["queue"], multiprocess_mode="mostrecent"
)
DEAD_LETTERS = Gauge(
    "iamis_dead_letters", "Events given up", ["queue"], multiprocess_mode="mostrecent"
)
MAILS_WAITING = Gauge(
    "iamis_mails_waiting", "Mails not sent yet", ["service"], multiprocess_mode="mostrecent"
)
MAILS_OLDEST = Gauge(
    "iamis_mails_oldest_seconds",
    "How long the oldest mail not sent yet has waited",
    ["service"],
    multiprocess_mode="mostrecent",
)
WORKER_STALLED = Gauge(
    "iamis_worker_stalled_seconds",
    "How long the relay or the consumer has not finished a round",
    ["service"],
    multiprocess_mode="mostrecent",
)

Looked = TypeVar("Looked")

log = logging.getLogger(__name__)


class Gauges:
    """Keeps the gauges of one service; what cannot be looked at is not a number.

    `stalled` tells for how many seconds those beside it have not got on.
    """

    def __init__(
        self,
        service: str,
        database: Database,
        open_bus: Callable[[], Bus],
        stalled: Callable[[], float],
    ) -> None:
        self._service = service
        self._queue = queue_of(service)
        self._database = database
        self._open_bus = open_bus
        self._stalled = stalled

    def run(self, stop: threading.Event) -> None:
        with closing(self._open_bus()) as bus:
            while not stop.is_set():
                self.look(bus)
                stop.wait(SECONDS)

    def look(self, bus: Bus) -> None:
        WORKER_STALLED.labels(self._service).set(self._stalled())
        waiting = _looked("the outbox", self._backlog)
        OUTBOX_WAITING.labels(self._service).set(waiting.waiting if waiting else nan)
        OUTBOX_OLDEST.labels(self._service).set(waiting.age_seconds if waiting else nan)
        OUTBOX_ASIDE.labels(self._service).set(waiting.aside if waiting else nan)
        mails = _looked("the mail", self._mails)
        MAILS_WAITING.labels(self._service).set(mails.waiting if mails else nan)
        MAILS_OLDEST.labels(self._service).set(mails.age_seconds if mails else nan)
        counts = _looked("the queue", partial(bus.counts, self._queue))
        QUEUE_WAITING.labels(self._queue).set(counts.waiting if counts else nan)
        DEAD_LETTERS.labels(self._queue).set(counts.dead if counts else nan)

    def _backlog(self) -> Backlog:
        with self._database.reading() as session:
            return backlog(session)

    def _mails(self) -> mail.Waiting:
        with self._database.reading() as session:
            return mail.waiting(session)


def _looked(what: str, look: Callable[[], Looked]) -> Looked | None:
    """What there is, or None whatever the reason: an old figure would be taken for a new one."""
    try:
        return look()
    except Exception as error:  # noqa: BLE001 - as it says
        log.warning("%s cannot be counted", what, extra={"error": str(error)})
        return None
