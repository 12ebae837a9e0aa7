"""One connection to RabbitMQ, with a thread of its own that keeps it alive.

pika's connections belong to one thread. This one does nothing but input and output: heartbeats are
answered while a handler works or a relay sleeps, and other threads ask it for something and wait,
never longer than they say. A link that ended is never used again; its user opens another.
"""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from functools import partial
from typing import Any

import pika
from pika.adapters.select_connection import IOLoop

from shared.bus import BusError, GoneError

OPEN_SECONDS = 15.0
CLOSE_SECONDS = 5.0
SOCKET_SECONDS = 5.0
STACK_SECONDS = 10.0
# With pika's margin of 5 s, a silent peer is given up after 15 to 30 s.
HEARTBEAT_SECONDS = 10
# Blocked by an alarm (no memory, no disk), a connection is kept: what was sent on it is on its way.
BLOCKED_SECONDS = 600.0

NOT_LET_IN = (
    pika.exceptions.AuthenticationError,
    pika.exceptions.ProbableAuthenticationError,
    pika.exceptions.ProbableAccessDeniedError,
)

Begin = Callable[[pika.SelectConnection, Future[Any]], None]
Progress = Callable[[], int]
"""A number that grows while there is progress."""

log = logging.getLogger(__name__)
# Told in our words by whoever waits, and not in a traceback for each attempt.
logging.getLogger("pika").setLevel(logging.CRITICAL)


def parameters(url: str, blocked_seconds: float = BLOCKED_SECONDS) -> pika.URLParameters:
    """What pika needs to connect to `url`, every wait bounded."""
    found = pika.URLParameters(url)
    found.heartbeat = HEARTBEAT_SECONDS
    found.socket_timeout = SOCKET_SECONDS
    found.stack_timeout = STACK_SECONDS
    found.blocked_connection_timeout = blocked_seconds
    found.connection_attempts = 1
    return found


def fulfil(future: Future[Any], value: object) -> None:
    """Give whoever waits the value, where the link has not ended meanwhile."""
    with suppress(InvalidStateError):
        future.set_result(value)


def fail(future: Future[Any], why: BusError) -> None:
    """Tell whoever waits that it comes to nothing."""
    with suppress(InvalidStateError):
        future.set_exception(why)


class LinkTimeoutError(BusError):
    """The broker did not answer in time."""


class Link:
    """A connection; raises `BusError` where it cannot be opened."""

    def __init__(self, to: pika.URLParameters) -> None:
        self.on_end: Callable[[], None] = lambda: None
        self.unblocked = threading.Event()
        self.unblocked.set()
        self._lock = threading.Lock()
        self._waiting: set[Future[Any]] = set()
        self._ended: BusError | None = None
        self._loop = IOLoop()
        opened: Future[pika.SelectConnection] = Future()
        self._waiting.add(opened)
        self._thread = threading.Thread(
            target=self._run, args=(to, opened), name="rabbitmq link", daemon=True
        )
        self._thread.start()
        self._connection = self._wait(opened, OPEN_SECONDS)

    @property
    def alive(self) -> bool:
        return self._ended is None

    def check(self) -> None:
        """Raise what it ended with, where it has."""
        if self._ended is not None:
            raise self._ended

    def ask(self, begin: Begin, seconds: float, progress: Progress = lambda: 0) -> Any:  # noqa: ANN401 - what `begin` promises
        """Have `begin` run in the link's thread, and wait for the future that it fulfils.

        Raises `BusError` when the link ends before, `LinkTimeoutError` after so many seconds in
        which there was no progress.
        """
        future: Future[Any] = Future()
        with self._lock:
            if self._ended is not None:
                raise self._ended
            self._waiting.add(future)
            self._loop.add_callback_threadsafe(partial(self._begin, begin, future))
        return self._wait(future, seconds, progress)

    def tell(self, action: Callable[[], None]) -> None:
        """Have `action` done in the link's thread; where the link has ended, it is not."""
        with self._lock:
            if self._ended is None:
                self._loop.add_callback_threadsafe(partial(self._do, action))

    def retire(self, why: str, kind: type[BusError] = BusError) -> None:
        """Use it no more: whoever waits is told, and the thread ends when the connection has."""
        self.tell(self._disconnect)
        self._end(kind(why))

    def close(self) -> None:
        """Close the connection in order, within bounds."""
        self.retire("the connection was closed")
        self._thread.join(CLOSE_SECONDS)

    def _wait(self, future: Future[Any], seconds: float, progress: Progress = lambda: 0) -> Any:  # noqa: ANN401 - as of `ask`
        try:
            while True:
                before = progress()
                with suppress(TimeoutError):
                    return future.result(seconds)
                if progress() == before:
                    message = f"RabbitMQ did not answer within {seconds:g} s"
                    raise LinkTimeoutError(message)
        finally:
            with self._lock:
                self._waiting.discard(future)

    def _run(self, to: pika.URLParameters, opened: Future[Any]) -> None:
        try:
            connection = pika.SelectConnection(
                to,
                on_open_callback=partial(fulfil, opened),
                on_open_error_callback=self._on_closed,
                on_close_callback=self._on_closed,
                custom_ioloop=self._loop,
            )
            connection.add_on_connection_blocked_callback(lambda *_: self.unblocked.clear())
            connection.add_on_connection_unblocked_callback(lambda *_: self.unblocked.set())
            self._loop.start()
        except Exception as error:
            log.exception("a link to RabbitMQ broke")
            self._end(BusError(repr(error)))
        finally:
            self._loop.close()

    def _begin(self, begin: Begin, future: Future[Any]) -> None:
        try:
            begin(self._connection, future)
        except Exception as error:  # noqa: BLE001 - it is told to whoever waits
            fail(future, BusError(f"RabbitMQ: {error!r}"))

    @staticmethod
    def _do(action: Callable[[], None]) -> None:
        try:
            action()
        except pika.exceptions.AMQPError as error:
            # What it was done on has just ended, which is told otherwise.
            log.debug("not done: %r", error)

    def _disconnect(self) -> None:
        if not (self._connection.is_closing or self._connection.is_closed):
            self._connection.close()

    def _on_closed(self, _connection: object, error: BaseException) -> None:
        kind = GoneError if isinstance(error, NOT_LET_IN) else BusError
        self._end(kind(f"RabbitMQ: {error!r}"))
        self._loop.stop()

    def _end(self, why: BusError) -> None:
        with self._lock:
            if self._ended is not None:
                return
            self._ended = why
            waiting = list(self._waiting)
        for future in waiting:
            fail(future, why)
        self.on_end()
