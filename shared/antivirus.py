"""Having a daemon of ClamAV look at a stream: its command INSTREAM, a connection for each."""

import socket
import struct
from collections.abc import Iterable
from contextlib import closing
from urllib.parse import urlsplit

PORT = 3310
CONNECT_SECONDS = 2.0
# A large archive is unpacked before anything is said of it.
ANSWER_SECONDS = 300.0
ANSWER_BYTES = 4096
COMMAND = b"zINSTREAM\0"
LENGTH = struct.Struct("!L")
FOUND = " FOUND"
CLEAN = "OK"
TOO_LARGE = "size limit exceeded"


class ScannerError(Exception):
    """The daemon does not answer, or not in a way that tells anything of the stream."""


class ScannerAwayError(ScannerError):
    """No connection to the daemon: that is not for anything in a stream."""


class ScanTooLargeError(ScannerError):
    """The stream is longer than the daemon is set to take (`StreamMaxLength`)."""


class Scanner:
    """The daemon at `tcp://host:port` or `unix:///path`, given `answer_seconds` for its answer."""

    def __init__(self, url: str, answer_seconds: float = ANSWER_SECONDS) -> None:
        self._where = urlsplit(url)
        self._answer_seconds = answer_seconds

    def finding(self, content: Iterable[bytes]) -> str | None:
        """The name of what was found in `content`; None where nothing was."""
        try:
            daemon = self._connect()
        except OSError as error:
            raise ScannerAwayError(str(error)) from error
        try:
            with closing(daemon):
                answer = _ask(daemon, content)
        except OSError as error:
            raise ScannerError(str(error)) from error
        said = answer.removeprefix("stream: ")
        if said == CLEAN:
            return None
        if said.endswith(FOUND):
            return said.removesuffix(FOUND)
        if TOO_LARGE in said:
            raise ScanTooLargeError(said)
        raise ScannerError(said or "no answer")

    def _connect(self) -> socket.socket:
        if self._where.scheme == "unix":
            daemon = socket.socket(socket.AF_UNIX)
            daemon.settimeout(CONNECT_SECONDS)
            try:
                daemon.connect(self._where.path)
            except OSError:
                daemon.close()
                raise
        else:
            at = (str(self._where.hostname), self._where.port or PORT)
            daemon = socket.create_connection(at, CONNECT_SECONDS)
        daemon.settimeout(self._answer_seconds)
        return daemon


def _ask(daemon: socket.socket, content: Iterable[bytes]) -> str:
    """Send it all and hear the answer; a daemon that has heard enough answers before the end."""
    try:
        daemon.sendall(COMMAND)
        for chunk in content:
            if chunk:
                daemon.sendall(LENGTH.pack(len(chunk)) + chunk)
        daemon.sendall(LENGTH.pack(0))
    except (BrokenPipeError, ConnectionResetError):
        answer = _answer(daemon)
        if not answer:
            raise
        return answer
    return _answer(daemon)


def _answer(daemon: socket.socket) -> str:
    heard = b""
    while len(heard) < ANSWER_BYTES and b"\0" not in heard:
        piece = daemon.recv(ANSWER_BYTES)
        if not piece:
            break
        heard += piece
    return heard.partition(b"\0")[0].decode(errors="replace").strip()
