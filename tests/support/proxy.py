"""A small TCP proxy, to cut connections as networks do: silently."""

import selectors
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

CHUNK = 65536


class Proxy:
    """Forwards each connection on `port` to the server at `target`, until it is cut."""

    def __init__(self, target: int, port: int = 0) -> None:
        self._target = target
        self._server = socket.create_server(("127.0.0.1", port))
        # How long what the server says is on its way, in seconds.
        self.delay = 0.0
        self._upstream: set[socket.socket] = set()
        self.port: int = self._server.getsockname()[1]
        self._cut: list[socket.socket] = []
        self._peers: dict[socket.socket, socket.socket] = {}
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._server, selectors.EVENT_READ)
        self._lock = threading.Lock()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="proxy")
        self._thread.start()

    def cut(self) -> int:
        """Forward nothing more of what is connected now, and close nothing; gives how many."""
        with self._lock:
            cut = list(self._peers)
            for one in cut:
                self._selector.unregister(one)
            self._peers.clear()
            self._cut += cut
        return len(cut) // 2

    def stop(self) -> None:
        self._stopping = True
        self._thread.join()
        for one in (self._server, *self._peers, *self._cut):
            one.close()
        self._selector.close()

    def _run(self) -> None:
        while not self._stopping:
            ready = self._selector.select(0.05)
            with self._lock:
                for key, _events in ready:
                    self._serve(key.fileobj)

    def _serve(self, one: object) -> None:
        if one is self._server:
            self._connect()
        elif isinstance(one, socket.socket) and one in self._peers:
            self._forward(one)

    def _connect(self) -> None:
        client, _address = self._server.accept()
        try:
            upstream = socket.create_connection(("127.0.0.1", self._target), timeout=5)
        except OSError:
            client.close()
            return
        self._upstream.add(upstream)
        for this, other in ((client, upstream), (upstream, client)):
            self._peers[this] = other
            self._selector.register(this, selectors.EVENT_READ)

    def _forward(self, one: socket.socket) -> None:
        other = self._peers[one]
        try:
            data = one.recv(CHUNK)
            if data:
                time.sleep(self.delay if one in self._upstream else 0)
                other.sendall(data)
                return
        except OSError:
            """One of them hung up: so does the other."""
        for end in (one, other):
            self._selector.unregister(end)
            del self._peers[end]
            end.close()


@contextmanager
def proxy_to(target: int, port: int = 0) -> Iterator[Proxy]:
    """On `port`, or on one that is free."""
    proxy = Proxy(target, port)
    try:
        yield proxy
    finally:
        proxy.stop()
