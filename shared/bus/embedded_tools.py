"""Tools on the embedded bus: whoever may read its file may read every queue; there are no users.

Of the limits of a tool's queue only the number of events is kept here.
"""

import threading
from collections.abc import Sequence
from functools import partial

from shared.bus import Binding, Take, no_queue
from shared.bus.embedded import EmbeddedBus
from shared.bus.tools import MOST_MESSAGES, PREFIX, Tool, queue_of_tool

# Names of tools are safe in SQL (`tools.NAME`); a trigger takes no parameters.
FULL = """
CREATE TRIGGER IF NOT EXISTS "full {queue}" AFTER INSERT ON messages
WHEN NEW.queue = '{queue}' BEGIN
    DELETE FROM messages WHERE queue = '{queue}' AND dead = 0 AND position <= (
        SELECT position FROM messages WHERE queue = '{queue}' AND dead = 0
        ORDER BY position DESC LIMIT 1 OFFSET {limit});
END
"""


class EmbeddedTools(EmbeddedBus):
    """The bus with what tools need of it."""

    def add(self, name: str, bindings: Sequence[Binding], limit: int = MOST_MESSAGES) -> None:
        queue = queue_of_tool(name)
        with self._transaction() as cursor:
            cursor.execute(FULL.format(queue=queue, limit=limit))
        self.bind(name, bindings)

    def all(self) -> list[Tool]:
        with self._transaction() as cursor:
            rows = cursor.execute(
                "SELECT queue, group_concat(pattern, ' '),"
                " (SELECT count(*) FROM messages WHERE messages.queue = bindings.queue)"
                " FROM bindings WHERE queue LIKE ? GROUP BY queue ORDER BY queue",
                (f"{PREFIX}%",),
            ).fetchall()
        return [
            Tool(queue.removeprefix(PREFIX), tuple(sorted(patterns.split(" "))), waiting)
            for queue, patterns, waiting in rows
        ]

    def bind(self, name: str, bindings: Sequence[Binding]) -> None:
        self.declare(queue_of_tool(name), bindings)

    def remove(self, name: str) -> None:
        queue = queue_of_tool(name)
        with self._transaction() as cursor:
            cursor.execute(f'DROP TRIGGER IF EXISTS "full {queue}"')
            cursor.execute("DELETE FROM bindings WHERE queue = ?", (queue,))
            cursor.execute("DELETE FROM messages WHERE queue = ?", (queue,))

    def follow(self, queue: str, take: Take, stop: threading.Event) -> None:
        """Hand over the queue's messages until `stop`; a handler that raises ends it.

        Its message stays in the queue.
        """
        self._check(queue)
        self._serve(queue, partial(self._hand_over, queue, take), stop)

    def _hand_over(self, queue: str, take: Take) -> bool:
        held = self._claim(queue, 1)
        if not held:
            self._check(queue)
        for one in held:
            take(one.message)
        self._settle(held, {})
        return bool(held)

    def _check(self, queue: str) -> None:
        with self._transaction() as cursor:
            if not cursor.execute("SELECT 1 FROM bindings WHERE queue = ?", (queue,)).fetchone():
                raise no_queue(queue)
