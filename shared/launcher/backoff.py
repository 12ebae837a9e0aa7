"""How long to wait before a dead child is started again."""

from dataclasses import dataclass

FIRST_SECONDS = 1.0
LONGEST_SECONDS = 30.0
# A child that was up this long had a good start: its next death is a new story.
STEADY_SECONDS = 60.0


@dataclass
class Backoff:
    """Doubles the delay with every death, up to the longest."""

    next_delay: float = FIRST_SECONDS

    def delay(self, up_seconds: float) -> float:
        """The seconds to wait after a child died that had been up for `up_seconds`."""
        if up_seconds >= STEADY_SECONDS:
            self.next_delay = FIRST_SECONDS
        delay = self.next_delay
        self.next_delay = min(delay * 2, LONGEST_SECONDS)
        return delay
