"""The event bus: what every adapter promises, whatever carries the messages.

- `publish` returns only when the messages are durable in every queue bound to their key.
- A message stays in its queue until its handler has returned; a crash delivers it again.
- A handler that raises gets the message again after each pause of the ladder, then it is parked
  in the queue's dead letters with the error. Other messages do not wait for it.
- Topic keys: words parted by dots; in a binding `*` is one word, `#` any number of them.
"""

import threading
from collections.abc import Callable, Sequence
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


Handle = Callable[[Message], None]


class Bus(Protocol):
    """A broker. Each thread that consumes has an instance of its own."""

    def declare(self, queue: str, bindings: Sequence[Binding]) -> None:
        """Make the durable queue and exactly these bindings; again is no change."""

    def publish(self, messages: Sequence[Message]) -> set[str]:
        """Publish in order; returns the ids of those no queue is bound to. Raises `BusError`."""

    def consume(self, queue: str, handle: Handle, stop: threading.Event) -> None:
        """Hand over the queue's messages one by one until `stop` is set."""

    def depth(self, queue: str) -> int:
        """How many messages wait in the queue, retries included, dead letters not."""

    def dead_letters(self, queue: str) -> list[DeadLetter]:
        """The messages given up, oldest first."""

    def close(self) -> None:
        """Let go of connections; unacknowledged messages are delivered again."""


class BusError(Exception):
    """The broker is not there or did not confirm: nothing may be taken as published."""
