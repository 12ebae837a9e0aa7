"""How a failed delivery is told, by every adapter alike."""

import logging

from shared.bus import Message

LONGEST_ERROR = 2000

log = logging.getLogger(__name__)


def described(error: Exception) -> str:
    """The error as it is kept with a message given up."""
    return f"{type(error).__name__}: {error}"[:LONGEST_ERROR]


def tell(message: Message, attempts: int, ladder: int, error: Exception) -> None:
    """Log a delivery that failed after `attempts` earlier ones, on a ladder of so many pauses."""
    told = {"event_id": message.id, "attempts": attempts + 1, "error": repr(error)}
    if attempts < ladder:
        log.warning("delivery failed, to be repeated", extra=told)
    else:
        log.error("delivery failed, given up", exc_info=error, extra=told)
