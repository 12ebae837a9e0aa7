"""How many files may be on their way in at once: the rest of the threads answer what is quick.

A client that waits for a place would hold a thread too, so one that comes too many is told to
come again.
"""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from shared.errors import UnavailableError
from shared.i18n import gettext as _

COME_AGAIN_SECONDS = 5


class Capacity:
    """Places for uploads: so many in all, and so many for one centre."""

    def __init__(self, in_all: int, of_one_centre: int) -> None:
        self._in_all = in_all
        self._of_one_centre = of_one_centre
        self._taken: Counter[str] = Counter()
        self._lock = threading.Lock()

    @contextmanager
    def place(self, centre_no: str) -> Iterator[None]:
        """Hold a place while the file arrives; `UnavailableError` where there is none."""
        self._take(centre_no)
        try:
            yield
        finally:
            with self._lock:
                self._taken[centre_no] -= 1

    def _take(self, centre_no: str) -> None:
        with self._lock:
            full = self._taken.total() >= self._in_all
            if full or self._taken[centre_no] >= self._of_one_centre:
                raise UnavailableError(
                    _("Too many files are being uploaded now. Please try again in a moment."),
                    slug="uploads-full",
                    headers={"Retry-After": str(COME_AGAIN_SECONDS)},
                )
            self._taken[centre_no] += 1
