"""The event bus: what every adapter promises, whatever carries the messages.

- `publish` returns only when the messages are durable in every queue bound to their key.
- A message stays in its queue until its handler has returned; a crash delivers it again.
- A message that a handler gives back as failed comes again after each pause of the ladder, then it
  is parked in the queue's dead letters with the error. Other messages do not wait for it.
- A handler that is away itself (`AwayError`) is given nothing for a pause, and then the same again,
  for as long as it takes: that is no fault of a message.
- Topic keys: words parted by dots; in a binding `*` is one word, `#` any number of them.
"""

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

EVENTS = "iamis.events"
INTERNAL = "iamis.internal"

RETRY_LADDER_SECONDS = (0.2, 1.0, 5.0, 30.0, 120.0, 600.0)


@dataclass(frozen=True)
class Message:
    """One message: `id` is the event's, `body` its CloudEvents JSON."""

    id: str
    exchange: str
    routing_key: str
    body: bytes


@dataclass(frozen=True)
class Binding:
    exchange: str
    pattern: str


@dataclass(frozen=True)
class DeadLetter:
    """A message given up after the whole ladder, and the last error."""

    message: Message
    error: str


@dataclass(frozen=True)
class Counts:
    """How many messages of a queue wait (retries included), and how many were given up.

    What a consumer has in its hands may be left out.
    """

    waiting: int
    dead: int


Failures = Mapping[int, Exception]
"""What has to be delivered again: the errors, by the places of the messages."""

Handle = Callable[[Sequence[Message]], Failures]
Take = Callable[[Message], None]


class AwayError(Exception):
    """What the handler stands on, its database, is away: nothing can be handled at present."""


def one_by_one(take: Take) -> Handle:
    """A handler of many out of one of a single message, which fails by raising."""

    def handle(messages: Sequence[Message]) -> Failures:
        failures: dict[int, Exception] = {}
        for place, message in enumerate(messages):
            try:
                take(message)
            except AwayError:
                raise
            except Exception as error:  # noqa: BLE001 - whatever it is, the bus tells of it
                failures[place] = error
        return failures

    return handle


def nothing() -> None:
    """Tell nobody."""


class Bus(Protocol):
    """A broker. Each thread that consumes has an instance of its own."""

    def declare(self, queue: str, bindings: Sequence[Binding]) -> None:
        """Make the durable queue and exactly these bindings; again is no change."""

    def publish(self, messages: Sequence[Message]) -> set[str]:
        """Publish in order; returns the ids of those no queue is bound to.

        Raises `BusError`, of which `UnacceptableError` is about a message and not about now.
        """

    def deliver(self, queue: str, messages: Sequence[Message]) -> None:
        """Put the messages into this queue alone. `BusError` also where it is not there."""

    def consume(
        self,
        queue: str,
        handle: Handle,
        stop: threading.Event,
        beat: Callable[[], None] = nothing,
    ) -> None:
        """Hand over the queue's messages, as many as there are up to a limit, until `stop` is set.

        `beat` is called after each round that went well, also where nothing had arrived.
        """

    def counts(self, queue: str) -> Counts:
        """How much there is in the queue. `BusError` also where it is not there."""

    def depth(self, queue: str) -> int:
        """How many messages wait in the queue: as `counts` has it."""

    def dead_letters(self, queue: str) -> list[DeadLetter]:
        """The messages given up, oldest first."""

    def replay(self, queue: str, ids: Collection[str] | None = None) -> int:
        """Put messages given up back into their queue, the ladder before them again.

        All of them where no `ids` are given; returns how many there were.
        """

    def drop(self, queue: str, ids: Collection[str] | None = None) -> int:
        """Remove messages given up for good, as `replay` chooses them."""

    def close(self) -> None:
        """Let go of connections; unacknowledged messages are delivered again."""


class BusError(Exception):
    """The broker is not there or did not confirm: nothing may be taken as published."""


class UnacceptableError(BusError):
    """One of the messages is none that the broker ever takes: it is too large."""


class GoneError(BusError):
    """What is asked for is not there, or not permitted any more: waiting does not bring it."""


def no_queue(queue: str) -> GoneError:
    return GoneError(f"there is no queue {queue}")
