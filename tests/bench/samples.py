"""From a submission to its sample, beside a message through the same broker and back."""

from collections.abc import Iterator
from statistics import median

from tests.bench.rows import Row, spread
from tests.bench.system import System
from tests.support.roundtrips import raw_round_trips, seconds_of
from tests.support.sheet import Sheet

TIMES = 60
CANDIDATES = 48


def rows(system: System) -> Iterator[Row]:
    samples, raw = [], []
    with raw_round_trips(system.stack) as once:
        for paper_id in system.papers(TIMES, CANDIDATES, "C"):
            sheet = Sheet(system.teacher, system.centre_no, paper_id)
            sheet.fill({f"{n:04d}": [40 + n] for n in range(1, CANDIDATES + 1)})
            sheet.submit()
            samples.append(seconds_of(sheet.wait_for_sample))
            raw.append(seconds_of(once))
    yield Row(
        f"from a submission's answer ({CANDIDATES} candidates) to its sample",
        spread(samples),
        f"publish, consume, acknowledge on the same broker: {spread(raw)}",
        median(samples) / median(raw),
    )
