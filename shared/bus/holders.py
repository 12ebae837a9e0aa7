"""Who holds messages of the embedded bus: a use of it by a process, known for its life."""

import itertools
import os
from pathlib import Path

_instances = itertools.count(1)
# The holders of this process that are in use: what a closed one holds is given back.
in_use: set[str] = set()


def new_holder() -> str:
    """A holder of this process, in use until it is taken out of `in_use`."""
    holder = f"{_process(os.getpid())}:{next(_instances)}"
    in_use.add(holder)
    return holder


def is_alive(holder: str) -> bool:
    process, _colon, _instance = holder.rpartition(":")
    if process == _process(os.getpid()):
        return holder in in_use
    return _process(int(process.partition(":")[0])) == process


def _process(pid: int) -> str:
    """The process as it is known for its life: a number used again names another process."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""
    # After the name, which may hold anything; field 22 is the time it started.
    return f"{pid}:{stat.rpartition(')')[2].split()[19]}"
