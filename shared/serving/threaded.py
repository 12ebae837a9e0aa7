"""The worker of the services: gunicorn's with threads, and nobody knocks in vain while it ends."""

import select
import socket
from contextlib import suppress

from gunicorn.util import close_graceful
from gunicorn.workers.gthread import TConn, ThreadWorker

from shared.serving.refusing import ProblemWorker


class DrainingWorker(ProblemWorker, ThreadWorker):  # type: ignore[misc]
    """Told to end, it takes in whoever has knocked, shuts the door, and finishes what it has.

    With the door left open, as gunicorn has it, others would wait for an answer until it ends, and
    then be cut off; so they are refused at once, and the gateway asks another copy.
    """

    def set_accept_enabled(self, enabled: bool) -> None:  # noqa: FBT001 - as gunicorn calls it
        super().set_accept_enabled(enabled)
        if self.alive or enabled:
            return
        # It may be told so twice, and a closed listener has no socket to be asked about.
        while self.sockets:
            listener = self.sockets.pop()
            while select.select([listener], [], [], 0)[0]:
                self.accept(listener)
            listener.close()

    def handle(self, conn: TConn) -> object:
        """Handle a request; after the last one of a connection, wait for its client to hang up.

        gunicorn waits for that in the one thread that hands every request to the others.
        """
        kept: object = super().handle(conn)
        if not kept:
            with suppress(OSError):
                close_graceful(conn.sock.dup())
                conn.sock.shutdown(socket.SHUT_RDWR)
        return kept
