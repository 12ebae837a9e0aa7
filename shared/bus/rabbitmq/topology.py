"""What there is in the broker: its names, and the arguments it is declared with.

Arguments cannot be changed afterwards: whatever changes them needs another name.
"""

from collections.abc import Sequence
from typing import Any

from shared.bus import EVENTS, INTERNAL

EXCHANGES = (EVENTS, INTERNAL)
# A worker that is stopped gives back what it was handed, which the broker counts; RabbitMQ 4 gives
# a message up after 20. Ours is the ladder, and so the broker's limit is out of reach.
DELIVERY_LIMIT = 2**31 - 1

QUORUM = {"x-queue-type": "quorum", "x-delivery-limit": DELIVERY_LIMIT}


def retry_queue(queue: str, pause: float) -> str:
    """Where a message of `queue` waits for `pause` seconds; the name has them as milliseconds."""
    return f"{queue}.retry.{_milliseconds(pause)}"


def dead_queue(queue: str) -> str:
    """Where a message of `queue` stays that was given up."""
    return f"{queue}.dead"


def queues(queue: str, ladder: Sequence[float]) -> dict[str, dict[str, Any]]:
    """All that belong to the consumer's queue `queue`, and their arguments."""
    waiting = {
        retry_queue(queue, pause): {
            **QUORUM,
            "x-message-ttl": _milliseconds(pause),
            # Through the default exchange, which is to this queue alone.
            "x-dead-letter-exchange": "",
            "x-dead-letter-routing-key": queue,
            # Without these two, a message may be lost on its way back.
            "x-dead-letter-strategy": "at-least-once",
            "x-overflow": "reject-publish",
        }
        for pause in ladder
    }
    return {queue: QUORUM, **waiting, dead_queue(queue): QUORUM}


def _milliseconds(pause: float) -> int:
    return round(pause * 1000)
