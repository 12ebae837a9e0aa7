"""Flushing what has changed in a folder, and nothing else."""

import errno
import os
import shutil
import threading
from pathlib import Path

import pytest

from shared.durable import Flusher
from tests.support.waiting import wait_for


@pytest.fixture
def flushed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of what is flushed."""
    names: list[str] = []
    really = os.fsync

    def record(descriptor: int) -> None:
        names.append(Path(f"/proc/self/fd/{descriptor}").readlink().name)
        really(descriptor)

    monkeypatch.setattr(os, "fsync", record)
    return names


def test_all_is_flushed_once_and_then_what_changed(tmp_path: Path, flushed: list[str]) -> None:
    index = tmp_path / "index"
    index.mkdir()
    (tmp_path / "a.dat").write_text("a")
    (index / "1.log").write_text("one")
    flusher = Flusher(tmp_path)
    flusher.flush()
    assert sorted(flushed) == sorted([tmp_path.name, "a.dat", "index", "1.log"])

    flushed.clear()
    flusher.flush()
    assert flushed == []

    with (index / "1.log").open("a") as log:
        log.write("two")
    flusher.flush()
    assert flushed == ["1.log"]


def test_what_vanishes_meanwhile_is_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder is flushed first: by then it was read what is in it."""
    (tmp_path / "gone").mkdir()
    for name in ("gone/file", "vanishes"):
        (tmp_path / name).touch()

    def vanish(_descriptor: int) -> None:
        monkeypatch.undo()
        shutil.rmtree(tmp_path / "gone")
        (tmp_path / "vanishes").unlink()

    monkeypatch.setattr(os, "fsync", vanish)
    Flusher(tmp_path).flush()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("asked", ["open", "scandir"])
def test_what_is_no_failure_of_the_disk_passes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flushed: list[str], asked: str
) -> None:
    (tmp_path / "a.dat").touch()
    flusher = Flusher(tmp_path)

    def too_many(*_given: object) -> None:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    with monkeypatch.context() as short:
        short.setattr(os, asked, too_many)
        with pytest.raises(OSError, match="Too many open files"):
            flusher.flush()
        flusher.flush_ahead()
        wait_for("it was tried", lambda: not flusher._lock.locked(), 30)  # noqa: SLF001
    flushed.clear()
    flusher.flush()
    assert "a.dat" in flushed


def test_without_a_thread_to_begin_ahead_it_is_flushed_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flushed: list[str]
) -> None:
    def too_many(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    flusher = Flusher(tmp_path)
    with monkeypatch.context() as short:
        short.setattr(threading.Thread, "start", too_many)
        flusher.flush_ahead()
    assert not flusher._lock.locked()  # noqa: SLF001
    flusher.flush()
    assert flushed == [tmp_path.name]


def test_a_disk_that_fails_is_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_descriptor: int) -> None:
        raise OSError("I/O error")

    monkeypatch.setattr(os, "fsync", fail)
    flusher = Flusher(tmp_path)
    with pytest.raises(OSError, match="I/O error"):
        flusher.flush()
    # The kernel tells of it once.
    monkeypatch.undo()
    with pytest.raises(OSError, match="I/O error"):
        flusher.flush()


def test_what_was_flushed_ahead_is_not_flushed_again(tmp_path: Path, flushed: list[str]) -> None:
    (tmp_path / "a.dat").write_text("a")
    flusher = Flusher(tmp_path)
    flusher.flush_ahead()
    flusher.flush()
    assert sorted(flushed) == sorted([tmp_path.name, "a.dat"])


def test_a_disk_that_fails_ahead_is_a_failure_of_whoever_flushes_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_descriptor: int) -> None:
        raise OSError("I/O error")

    flusher = Flusher(tmp_path)
    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", fail)
        flusher.flush_ahead()
        wait_for("it was tried", lambda: not flusher._lock.locked(), 30)  # noqa: SLF001
    with pytest.raises(OSError, match="I/O error"):
        flusher.flush()
