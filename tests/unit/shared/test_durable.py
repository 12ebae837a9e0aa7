"""Flushing what has changed in a folder, and nothing else."""

import os
from pathlib import Path

import pytest

from shared.durable import Flusher


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
    (tmp_path / "stays").touch()
    vanished = [tmp_path / "gone", tmp_path / "stays"]
    monkeypatch.setattr(Path, "rglob", lambda _self, _pattern: vanished)
    Flusher(tmp_path).flush()


def test_a_disk_that_fails_is_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_descriptor: int) -> None:
        raise OSError("I/O error")

    monkeypatch.setattr(os, "fsync", fail)
    flusher = Flusher(tmp_path)
    for _each in range(2):
        with pytest.raises(OSError, match="I/O error"):
            flusher.flush()
