"""What was measured, and whether its goal holds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median, quantiles

HEAD = ("what", "IAMIS", "baseline", "ratio", "goal", "verdict")
NO_GOAL = "no goal"
CUTS = 100


@dataclass(frozen=True)
class Row:
    """One measurement; `ratio` is ours over the baseline's.

    `goal` is told as it stands in the table, `reached` judges the ratio; without one there is
    nothing to hold or to miss. `rounds` are the ratios of each round, where ours and the baseline
    took turns: how far they are apart tells what the ratio is worth.
    """

    what: str
    ours: str
    baseline: str = ""
    ratio: float | None = None
    goal: str = ""
    reached: Callable[[float], bool] | None = None
    rounds: Sequence[float] = ()

    @property
    def verdict(self) -> str:
        if self.reached is None or self.ratio is None:
            return NO_GOAL
        return "holds" if self.reached(self.ratio) else "missed"

    def cells(self) -> tuple[str, ...]:
        ratio = f"{self.ratio:.2f}" if self.ratio is not None else ""
        if self.rounds:
            ratio += f" ({min(self.rounds):.2f} to {max(self.rounds):.2f})"
        return (self.what, self.ours, self.baseline, ratio, self.goal, self.verdict)


def at_least(goal: float) -> Callable[[float], bool]:
    return lambda ratio: ratio >= goal


def at_most(goal: float) -> Callable[[float], bool]:
    return lambda ratio: ratio <= goal


def as_markdown(rows: Sequence[Row]) -> str:
    lines = [HEAD, tuple("---" for _each in HEAD), *(row.cells() for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def percentile(seconds: Sequence[float], hundredth: int) -> float:
    """In milliseconds."""
    return quantiles(seconds, n=CUTS)[hundredth - 1] * 1000


def spread(seconds: Sequence[float]) -> str:
    return (
        f"median {median(seconds) * 1000:.1f} ms, p95 {percentile(seconds, 95):.1f} ms, "
        f"p99 {percentile(seconds, 99):.1f} ms"
    )
