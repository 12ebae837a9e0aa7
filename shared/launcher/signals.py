"""Signals taken where the launcher waits, and nowhere else.

They are blocked and fetched with `sigtimedwait`: a Ctrl-C in the middle of a start is seen at the
next wait, a second one while stopping changes nothing, and no child is ever half started.
"""

import signal
import time
from types import TracebackType
from typing import Self

from shared.launcher.errors import InterruptedStartError

STOP = frozenset({signal.SIGINT, signal.SIGTERM})


class Signals:
    """While entered, signals only arrive at `wait`."""

    def __enter__(self) -> Self:
        # Under `nohup` the closing of the terminal is ignored, and stays so.
        ignored = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
        self._stop = STOP if ignored else STOP | {signal.SIGHUP}
        self._watched = self._stop | {signal.SIGCHLD}
        self._mask = signal.pthread_sigmask(signal.SIG_BLOCK, self._watched)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # What came while everything was being stopped has been done.
        while signal.sigtimedwait(self._watched, 0):
            continue
        signal.pthread_sigmask(signal.SIG_SETMASK, self._mask)

    def wait(self, seconds: float) -> None:
        """Sleep so long, or until a child ends; raises `InterruptedStartError` when told to stop.

        A signal that came earlier counts: the stop signal is taken before the others.
        """
        deadline = time.monotonic() + seconds
        if signal.sigtimedwait(self._stop, 0):
            raise InterruptedStartError
        came = signal.sigtimedwait(self._watched, max(0.0, deadline - time.monotonic()))
        if came is not None and came.si_signo in self._stop:
            raise InterruptedStartError
