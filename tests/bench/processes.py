"""What the processes take: memory idle and after the load, processor time, the time to start."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.bench.rows import Row
from tests.support.stack import Stack

MIB_KB = 1024


def memory(stack: Stack) -> dict[str, float]:
    """Resident MiB of each process of the launcher, and of what it has started, by name."""
    return {name: _resident(pid) for name, pid in sorted(stack.instance.pids.items())}


def _resident(pid: int) -> float:
    """Of the process and its children (a server and its workers)."""
    own = [pid, *_children(pid)]
    return sum(_status(each) for each in own) / MIB_KB


def spent(pids: Mapping[str, int]) -> dict[str, float]:
    """Seconds of processor that each has used so far, with what it has started, by name."""
    return {name: sum(map(_spent, [pid, *_children(pid)])) for name, pid in pids.items()}


def _spent(pid: int) -> float:
    # After the name, which may hold anything; fields 14 and 15 are its own time, in ticks.
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    below = [int(each) for each in listed.split()]
    return below + [deeper for each in below for deeper in _children(each)]


def _status(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


def rows(
    idle: Mapping[str, float], busy: Mapping[str, float], starts: Mapping[str, float]
) -> Iterator[Row]:
    for name, seconds in starts.items():
        yield Row(f"start of the whole system, {name}", f"{seconds:.1f} s")
    for name, mib in busy.items():
        before = idle.get(name, 0.0)
        yield Row(f"memory of {name}", f"{mib:.0f} MiB after the load", f"{before:.0f} MiB idle")
