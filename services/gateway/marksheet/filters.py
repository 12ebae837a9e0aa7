"""Which candidates the marksheet shows, in which order and how many: kept in its address."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlencode

ROWS = ("20", "50", "100", "all")
SORTS = ("candidate_no", "name", "mark")
SHOWS = ("all", "unmarked", "marked", "samples")
LONGEST_SEARCH = 200
PAGE = re.compile("[1-9][0-9]{0,4}")
# The pages beside the one that is open for which a link is shown.
NEIGHBOURS = 2


@dataclass(frozen=True)
class Filters:
    """The options of the page; what an address has wrong counts as not given."""

    search: str = ""
    rows: str = ROWS[0]
    sort: str = SORTS[0]
    show: str = SHOWS[0]
    teaching_set: str = ""
    page: int = 1

    @classmethod
    def of(cls, args: Mapping[str, str]) -> Self:
        page = args.get("page", "")
        return cls(
            search=args.get("search", "").strip()[:LONGEST_SEARCH],
            rows=_one_of(ROWS, args.get("rows")),
            sort=_one_of(SORTS, args.get("sort")),
            show=_one_of(SHOWS, args.get("show")),
            teaching_set=args.get("teaching_set", "").strip()[:LONGEST_SEARCH],
            page=int(page) if PAGE.fullmatch(page) else 1,
        )

    @property
    def query(self) -> str:
        """As the marks service takes them."""
        return urlencode({name: value for name, value in vars(self).items() if value != ""})

    @property
    def fewer(self) -> bool:
        """Whether some candidates may be left out."""
        return any((self.search, self.teaching_set, self.show != SHOWS[0]))

    @property
    def chosen(self) -> set[str]:
        """The names of the options that are not as usual."""
        return _unusual(vars(self)).keys() - {"page"}

    def address(self, path: str, **changes: str | int) -> str:
        """The page at `path` with these options and `changes`; what is usual is left out."""
        given = _unusual(vars(self) | changes)
        return f"{path}?{urlencode(given)}" if given else path


def _unusual(options: Mapping[str, str | int]) -> dict[str, str | int]:
    return {name: value for name, value in options.items() if value != getattr(Filters, name)}


def _one_of(known: tuple[str, ...], given: str | None) -> str:
    return given if given in known else known[0]


def pages(rows: str, total: int) -> int:
    """How many pages `total` candidates fill."""
    return 1 if rows == "all" else max(-(-total // int(rows)), 1)


def numbered(page: int, last: int) -> list[int | None]:
    """The pages to link to: the first, the last and those near; None where some are left out."""
    near = range(max(page - NEIGHBOURS, 1), min(page + NEIGHBOURS, last) + 1)
    wanted = sorted({1, last, *near})
    linked: list[int | None] = []
    for number in wanted:
        if linked and number - (linked[-1] or 0) > 1:
            linked.append(None)
        linked.append(number)
    return linked
