"""A bus that keeps what it is given, for tests of who publishes, when and in what order."""

import threading
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence

from shared.bus import Binding, Counts, DeadLetter, Handle, Message, nothing
from shared.events.envelope import Envelope


class RecordingBus:
    """Several relays may share its list; `slow` seconds pass for each message."""

    def __init__(self, published: list[Message], slow: float = 0.0) -> None:
        self.published = published
        self._slow = slow

    def publish(self, messages: Sequence[Message]) -> set[str]:
        for message in messages:
            threading.Event().wait(self._slow)
            self.published.append(message)
        return set()

    def declare(self, queue: str, bindings: Sequence[Binding]) -> None:
        raise NotImplementedError

    def consume(
        self, queue: str, handle: Handle, stop: threading.Event, beat: Callable[[], None] = nothing
    ) -> None:
        raise NotImplementedError

    def deliver(self, queue: str, messages: Sequence[Message]) -> None:
        raise NotImplementedError

    def counts(self, queue: str) -> Counts:
        raise NotImplementedError

    def depth(self, queue: str) -> int:
        raise NotImplementedError

    def dead_letters(self, queue: str) -> list[DeadLetter]:
        raise NotImplementedError

    def replay(self, queue: str, ids: Collection[str] | None = None) -> int:
        raise NotImplementedError

    def drop(self, queue: str, ids: Collection[str] | None = None) -> int:
        raise NotImplementedError

    def close(self) -> None:
        """It holds nothing."""


def sequences_by_subject(published: Sequence[Message]) -> dict[str, list[int]]:
    """The sequences in the order they were published for the first time."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    seen: set[str] = set()
    for message in published:
        if message.id not in seen:
            seen.add(message.id)
            envelope = Envelope.from_json(message.body)
            found[envelope.subject].append(envelope.sequence)
    return dict(found)
