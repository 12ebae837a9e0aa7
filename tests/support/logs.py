"""The logs of a running system, as its processes write them: a JSON object a line."""

import json
from collections.abc import Iterator
from typing import Any

from tests.support.stack import Stack

# Servers that are not ours have words of their own.
OF_OTHERS = {"epmd", "initdb", "postgres", "rabbitmq", "restore", "store"}


def logs(stack: Stack) -> dict[str, str]:
    """The logs of the last start, by name."""
    found = {file.stem: file.read_text("utf-8") for file in (stack.path / "log").glob("*.log")}
    assert {"gateway", "identity", "marks", "sampling", "store"} <= set(found)
    return found


def entries_of(log: str) -> Iterator[dict[str, Any]]:
    for line in log.splitlines():
        yield json.loads(line)


def traced(stack: Stack, trace: str) -> set[tuple[str, str]]:
    """Which service did what in a trace: the type of an event it handled, or what it logged."""
    ours = (log for name, log in logs(stack).items() if name not in OF_OTHERS)
    # A process may be in the middle of its last line.
    lines = (line for log in ours for line in log.split("\n")[:-1] if trace in line)
    found = [entry for line in lines if (entry := json.loads(line))["traceparent"][3:35] == trace]
    return {(one["service"], one.get("event_type", one["message"])) for one in found}
