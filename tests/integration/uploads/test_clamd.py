"""Against a real daemon of ClamAV: what it finds, what it cannot take, and that it may be away."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.antivirus import Scanner, ScannerAwayError, ScannerError, ScanTooLargeError
from shared.launcher.ports import free_ports
from tests.support.clamd import BAD, LARGEST_BYTES, MARK, running_clamd

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def scanner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scanner]:
    with running_clamd(tmp_path_factory.mktemp("clamd")) as url:
        yield Scanner(url)


def test_what_is_clean_is_clean(scanner: Scanner) -> None:
    assert scanner.finding([b"nothing", b"", b" of note" * 100_000]) is None


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ([BAD], "Iamis.Test.Whole"),
        ([BAD[:7], BAD[7:]], "Iamis.Test.Whole"),
        ([b"x" * 1000, MARK[:5], MARK[5:], b"y" * 1000], "Iamis.Test.Mark"),
    ],
)
def test_a_signature_is_found(scanner: Scanner, content: list[bytes], name: str) -> None:
    found = scanner.finding(content)
    assert found is not None
    assert found.startswith(name)


def test_what_is_too_large_for_it_is_told_apart(scanner: Scanner) -> None:
    chunk = b"x" * 2**16
    with pytest.raises(ScanTooLargeError):
        scanner.finding(chunk for _ in range(LARGEST_BYTES // len(chunk) + 2))


def test_a_daemon_that_is_away_or_silent_is_an_error(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    for url in (f"tcp://127.0.0.1:{port}", f"unix://{tmp_path}/none"):
        with pytest.raises(ScannerAwayError):
            Scanner(url).finding([b"x"])
    with socket.create_server(("127.0.0.1", port)) as server:
        server.listen()
        with pytest.raises(ScannerError) as silent:
            Scanner(f"tcp://127.0.0.1:{port}", answer_seconds=0.2).finding([b"x"])
    assert not isinstance(silent.value, ScannerAwayError)
