"""Small plots drawn by the server, as shapes in a square of 100 by 100; `plots.html` draws them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from services.gateway.calls import Json
from shared.i18n import format_date

SIZE = 100.0
HEIGHT = 50.0
MOST_BARS = 60
WIDEST_BAR = 8.0
# Of marks or days, below which a plot would say less than its table.
FEWEST = 2


@dataclass(frozen=True)
class Point:
    """`y` counts downwards, as SVG does."""

    x: float
    y: float
    title: str
    outside: bool = False


@dataclass(frozen=True)
class Scatter:
    """The centre's marks (to the right) against the moderator's (up)."""

    points: Sequence[Point]
    maximum: int
    band: float

    @property
    def corners(self) -> str:
        """The band around the diagonal in which both agree."""
        band = self.band
        around = [(0, SIZE - band), (SIZE - band, 0), (SIZE, 0), (SIZE, band)]
        around += [(band, SIZE), (0, SIZE)]
        return " ".join(f"{x:g},{y:g}" for x, y in around)


def scatter(moderation: Json) -> Scatter | None:
    """Everybody both have marked; None where there is nobody, or no mark at all."""
    maximum = moderation["maximum"]
    marked = [one for one in moderation["candidates"] if one["difference"] is not None]
    if not marked or not maximum:
        return None
    points = [
        Point(
            x=SIZE * one["total"] / maximum,
            y=SIZE - SIZE * one["moderator"]["total"] / maximum,
            title=f"{one['candidate_no']}: {one['total']} / {one['moderator']['total']}",
            outside=not one["within"],
        )
        for one in marked
    ]
    return Scatter(points, maximum, SIZE * moderation["tolerance"] / maximum)


@dataclass(frozen=True)
class Bar:
    """Those with one mark (or of a few neighbouring ones), and how many of them are chosen."""

    x: float
    width: float
    height: float
    chosen: float
    title: str

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 2)

    @property
    def top(self) -> float:
        return HEIGHT - self.height

    @property
    def chosen_top(self) -> float:
        return HEIGHT - self.chosen


@dataclass(frozen=True)
class Spread:
    """How the marks are spread, from the lowest to the highest; at `most` so many have one."""

    bars: Sequence[Bar]
    lowest: int
    highest: int
    most: int


def spread(candidates: Sequence[Json]) -> Spread | None:
    """The distribution of the marks with those chosen; None where there are no two of them."""
    marked = [one for one in candidates if one["mark"] is not None]
    everybody = Counter(one["mark"] for one in marked)
    return spread_of(everybody, Counter(one["mark"] for one in marked if one["reason"] is not None))


def spread_of(everybody: Mapping[int, int], chosen: Mapping[int, int]) -> Spread | None:
    """The same, of how many have each mark and how many of them are chosen."""
    if len(everybody) < FEWEST:
        return None
    lowest, highest = min(everybody), max(everybody)
    step = -(-(highest - lowest + 1) // MOST_BARS)
    all_of, chosen_of = _together(everybody, lowest, step), _together(chosen, lowest, step)
    count, most = (highest - lowest) // step + 1, max(all_of.values())
    unit, room = HEIGHT / most, SIZE / count
    width = min(room, WIDEST_BAR)
    bars = [
        Bar(
            x=round(place * room + (room - width) / 2, 2),
            width=round(width, 2),
            height=round(all_of[place] * unit, 2),
            chosen=round(chosen_of[place] * unit, 2),
            title=f"{lowest + place * step}: {chosen_of[place]} / {all_of[place]}",
        )
        for place in sorted(all_of)
    ]
    return Spread(bars, lowest, highest, most)


def _together(counts: Mapping[int, int], lowest: int, step: int) -> Counter[int]:
    """The counts of neighbouring marks, by the place of their bar."""
    added: Counter[int] = Counter()
    for mark, count in counts.items():
        added[(mark - lowest) // step] += count
    return added


@dataclass(frozen=True)
class Course:
    """How many of `total` have submitted by each day, as steps; `deadline` is its place."""

    steps: str
    points: Sequence[Point]
    first: str
    last: str
    deadline: float
    total: int


def course(days: Sequence[Json], deadline: str, total: int) -> Course | None:
    """Submissions over time against the deadline, of `total` centres; None of a single day."""
    if len(days) < FEWEST:
        return None
    told = [(date.fromisoformat(one["day"]), one["submitted"]) for one in days]
    due = date.fromisoformat(deadline)
    first, last = min(due, told[0][0]), max(due, told[-1][0])
    width = SIZE / ((last - first).days or 1)
    points = [
        Point(
            x=round((day - first).days * width, 2),
            y=round(HEIGHT - HEIGHT * count / total, 2),
            title=f"{format_date(day)}: {count} / {total}",
        )
        for day, count in told
    ]
    return Course(
        steps=f"M0 {HEIGHT:g}" + "".join(f"H{one.x:g}V{one.y:g}" for one in points) + f"H{SIZE:g}",
        points=points,
        first=format_date(first),
        last=format_date(last),
        deadline=round((due - first).days * width, 2),
        total=total,
    )
