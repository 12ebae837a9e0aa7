"""The worker of the one that people reach: gunicorn's for gevent, and quick to stop."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import gevent
from gunicorn.workers.ggevent import GeventWorker

from shared.serving.refusing import ProblemWorker
from shared.web.app import end


class PromptWorker(ProblemWorker, GeventWorker):  # type: ignore[misc]
    """Told to stop, it finishes requests, ends streams, and hangs up on those who ask nothing.

    A browser keeps its connection open long after a page: without this, each would hold up the
    end of the system for the whole grace.
    """

    def init_process(self) -> None:
        self.idle: dict[gevent.Greenlet, gevent.Timeout] = {}
        super().init_process()

    @contextmanager
    def timeout_ctx(self) -> Iterator[None]:
        """Bound the wait for the next request of a connection, which ends without an error."""
        waiting = gevent.getcurrent()
        with gevent.Timeout(self.cfg.keepalive if self.alive else 0, exception=False) as limit:
            self.idle[waiting] = limit
            try:
                yield
            finally:
                del self.idle[waiting]

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        gevent.spawn(self.hang_up)
        gevent.spawn(end, self.wsgi)

    def hang_up(self) -> None:
        for waiting, limit in list(self.idle.items()):
            waiting.kill(limit, block=False)
