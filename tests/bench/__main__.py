"""Measure, print the table, write docs/benchmarks.md; exit status 1 where a goal is missed.

python -m tests.bench [--centres N] [--seconds S] [PART ...], all parts where none is named
"""

import argparse
import os
import platform
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from tests.bench import (
    deadline,
    documents,
    evidence,
    flow,
    growth,
    keys,
    pages,
    processes,
    ranking,
    rebuilding,
    reporting,
    samples,
    saving,
)
from tests.bench.rows import Row, as_markdown
from tests.bench.system import Scale, measured_system
from tests.support.large_files import PUBLIC_URL
from tests.support.stack import REAL, ROOT, Stack, fresh_stack

PARTS = {
    "saving": saving.rows,
    "samples": samples.rows,
    "flow": flow.rows,
    "keys": keys.rows,
    "pages": pages.rows,
    "evidence": evidence.rows,
    "moodle": saving.beside_moodle,
    "reporting": reporting.rows,
    "documents": documents.rows,
    "rebuild": rebuilding.rows,
    # Of a whole board: what comes after is measured on it.
    "growth": growth.rows,
    "deadline": deadline.rows,
}
DOCUMENT = ROOT / "docs" / "benchmarks.md"
GIB_KB = 1024 * 1024
HEAD = """# Benchmarks

`make bench` measures on the real stack, started on one machine, and writes this page. A ratio is
ours over a baseline measured in the same run, in turns with it; a time by itself belongs to the
machine. What is missed stays here until it holds.

Deadline day is asked for by a plan, whatever is answered: who has to wait has waited from when the
request was due. Marks come as the page sends them (a mark, some, a class that was pasted), and who
submits a sheet has looked at the menu and at a sheet before, and looks at a report after. The part
of the rate that is measured is the largest that short steps found to be carried.
"""


def machine(before: float) -> str:
    """What it was measured on; `before` is the load average of the time before it."""
    cores = os.cpu_count()
    memory = next(
        int(line.split()[1])
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        if line.startswith("MemTotal")
    )
    processor = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    return (
        f"Measured on {date.today():%Y-%m-%d}: {cores} cores of {processor}, "  # noqa: DTZ011
        f"{memory / GIB_KB:.0f} GiB, Python {platform.python_version()}, {platform.system()}; "
        "generator, baseline and system share the machine, whose load was "
        f"{before:.1f} before and {os.getloadavg()[-1]:.1f} in the last quarter of an hour (one "
        "for each processor is all it can do)."
    )


def measure(parts: Sequence[str], scale: Scale) -> Iterator[Row]:
    yield from ranking.rows()
    began = time.monotonic()
    with fresh_stack(REAL, {"IAMIS_S3_PUBLIC_URL": PUBLIC_URL}) as stack:
        starts = {"first start, with demo data": time.monotonic() - began}
        idle = processes.memory(stack)
        with measured_system(stack, scale) as system:
            for part in parts:
                yield from PARTS[part](system)
        yield from processes.rows(idle, processes.memory(stack), starts | _again(stack))


def _again(stack: Stack) -> dict[str, float]:
    stack.stop()
    began = time.monotonic()
    stack.start()
    return {"again": time.monotonic() - began}


def left_out(parts: Sequence[str]) -> str:
    """What the reader of the page is told of parts that were not measured."""
    names = [name for name in PARTS if name not in parts]
    return f"Not measured this time: {', '.join(names)}.\n\n" if names else ""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--centres", type=int, default=Scale.centres, help="of a whole board")
    parser.add_argument("--seconds", type=float, default=Scale.seconds, help="of deadline day")
    given = parser.parse_args()
    parts, scale = given.parts or list(PARTS), Scale(given.centres, given.seconds)
    if not PARTS.keys() >= set(parts):
        parser.error(f"the parts are {', '.join(PARTS)}")
    rows, before = [], os.getloadavg()[-1]
    for row in measure(parts, scale):
        print(" | ".join(row.cells()), flush=True)
        rows.append(row)
    page = f"{HEAD}\n{machine(before)}\n\n{left_out(parts)}{as_markdown(rows)}\n"
    DOCUMENT.write_text(page, encoding="utf-8")
    print(as_markdown(rows))
    missed = [row.what for row in rows if row.verdict == "missed"]
    print(f"Written: {DOCUMENT.relative_to(ROOT)}; missed: {', '.join(missed) or 'none'}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
