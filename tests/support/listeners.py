"""Many listeners to `GET /api/events` on plain sockets, read by one thread."""

import json
import re
import selectors
import socket
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import urlsplit

READ_BYTES = 65536
LOOK_SECONDS = 0.1
LAST_CHUNK = b"\r\n0\r\n\r\n"
EVENT = re.compile(rb"id: ([0-9]+)\ndata: (.*)\n\n")


@dataclass
class Listener:
    """One open stream: what has come, and whether the server has ended it."""

    connection: socket.socket
    received: bytes = b""
    is_over: bool = False

    @property
    def events(self) -> list[tuple[int, dict[str, Any]]]:
        """The id and the CloudEvent of each event told so far."""
        return [(int(number), json.loads(told)) for number, told in EVENT.findall(self.received)]

    @property
    def is_open(self) -> bool:
        return b"retry:" in self.received


@dataclass
class Listeners:
    """Opens streams and reads them all until it is closed."""

    base_url: str
    all: list[Listener] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._selector = selectors.DefaultSelector()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        self._thread.join()
        for listener in self.all:
            listener.connection.close()
        self._selector.close()

    def open(self, token: str, count: int = 1, last_seen: int | None = None) -> Sequence[Listener]:
        """As many streams as asked for, of one account."""
        opened = [self._open(token, last_seen) for _each in range(count)]
        self.all += opened
        return opened

    def _open(self, token: str, last_seen: int | None) -> Listener:
        address = urlsplit(self.base_url)
        connection = socket.create_connection((address.hostname, address.port))
        wanted = [
            "GET /api/events HTTP/1.1",
            f"Host: {address.netloc}",
            f"Authorization: Bearer {token}",
            *([] if last_seen is None else [f"Last-Event-ID: {last_seen}"]),
        ]
        connection.sendall("\r\n".join([*wanted, "", ""]).encode())
        connection.settimeout(0)
        listener = Listener(connection)
        self._selector.register(connection, selectors.EVENT_READ, listener)
        return listener

    def _read(self) -> None:
        while not self._stop.is_set():
            for key, _events in self._selector.select(LOOK_SECONDS):
                listener: Listener = key.data
                piece = listener.connection.recv(READ_BYTES)
                listener.received += piece
                if not piece or listener.received.endswith(LAST_CHUNK):
                    listener.is_over = True
                    self._selector.unregister(listener.connection)
