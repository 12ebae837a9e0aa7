"""A private daemon of ClamAV, with a signature of the tests' own and no others."""

import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import md5
from pathlib import Path

from shared.launcher.ports import free_ports
from tests.support.waiting import wait_for

CLAMD = Path("/usr/sbin/clamd")
BAD = b"the content that the signature of the tests is of"
MARK = b"iamis-marked-as-a-virus"
START_SECONDS = 60
STOP_SECONDS = 30
LARGEST_BYTES = 4 * 2**20


@contextmanager
def running_clamd(folder: Path) -> Iterator[str]:
    """Its address, as `IAMIS_CLAMAV_URL` takes it; it refuses streams over `LARGEST_BYTES`."""
    (port,) = free_ports(1)
    settings = _settings(folder, port)
    daemon = subprocess.Popen([CLAMD, "--foreground", f"--config-file={settings}"])

    def answers() -> bool:
        assert daemon.poll() is None, "clamd has ended"
        try:
            with socket.create_connection(("127.0.0.1", port), 1) as asked:
                asked.sendall(b"zPING\0")
                return asked.recv(16).startswith(b"PONG")
        except OSError:
            return False

    try:
        wait_for("clamd answers", answers, START_SECONDS)
        yield f"tcp://127.0.0.1:{port}"
    finally:
        daemon.terminate()
        daemon.wait(STOP_SECONDS)


def _settings(folder: Path, port: int) -> Path:
    signatures = folder / "signatures"
    signatures.mkdir(parents=True)
    whole = md5(BAD, usedforsecurity=False).hexdigest()
    (signatures / "own.hdb").write_text(f"{whole}:{len(BAD)}:Iamis.Test.Whole\n", "ascii")
    (signatures / "own.ndb").write_text(f"Iamis.Test.Mark:0:*:{MARK.hex()}\n", "ascii")
    settings = folder / "clamd.conf"
    settings.write_text(
        f"DatabaseDirectory {signatures}\nTCPSocket {port}\nTCPAddr 127.0.0.1\n"
        f"StreamMaxLength {LARGEST_BYTES}\nTemporaryDirectory {folder}\n",
        "utf-8",
    )
    return settings
