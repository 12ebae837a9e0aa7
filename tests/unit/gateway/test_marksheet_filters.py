"""The options of the marksheet are read from its address, and stay in it."""

import re

import pytest

from services.gateway.marksheet.filters import Filters, numbered, pages
from services.gateway.marksheet.options import in_force
from tests.support.gateway import Browser, FakeServices

from .sheets import ONE_TASK, PAGE, candidate, lay_down, text_of

USUAL = Filters()


@pytest.mark.parametrize(
    ("args", "filters"),
    [
        ({}, USUAL),
        ({"rows": "all", "show": "samples"}, Filters(rows="all", show="samples")),
        ({"search": " wyn ", "page": "3"}, Filters(search="wyn", page=3)),
        ({"rows": "7", "sort": "x", "show": "", "page": "-1"}, USUAL),
        ({"page": "0"}, USUAL),
        ({"page": "٣"}, USUAL),
        ({"page": "9" * 30}, USUAL),
    ],
)
def test_an_address_is_read(args: dict[str, str], filters: Filters) -> None:
    assert Filters.of(args) == filters


def test_a_search_is_cut_to_what_the_service_takes() -> None:
    assert len(Filters.of({"search": "x" * 500}).search) == 200


def test_an_address_holds_what_is_not_usual() -> None:
    assert USUAL.address("/sheet") == "/sheet"
    filters = Filters(search="ŵ&n", rows="50", page=2)
    assert filters.address("/sheet") == "/sheet?search=%C5%B5%26n&rows=50&page=2"
    assert filters.address("/sheet", search="", page=1, show="all") == "/sheet?rows=50"
    assert filters.query == "search=%C5%B5%26n&rows=50&sort=candidate_no&show=all&page=2"


@pytest.mark.parametrize(
    ("filters", "told"),
    [
        (USUAL, []),
        (Filters(page=4), []),
        (Filters(rows="all"), ["Rows: All"]),
        (
            Filters(search="wyn", sort="mark", show="unmarked", teaching_set="10A"),
            ["“wyn”", "Sort by: Mark", "Show: Unmarked", "10A"],
        ),
    ],
)
def test_what_is_not_as_usual_is_told(filters: Filters, told: list[str]) -> None:
    assert list(in_force(filters)) == told


def test_folded_options_tell_what_is_in_force(browser: Browser, fake: FakeServices) -> None:
    browser.sign_in()
    lay_down(fake, ONE_TASK, candidate(tasks=[None]))
    page = browser.get(f"{PAGE}?search=%3Cwyn%3E&show=unmarked").text
    folded = re.search(r"<summary>(Options.*?)</summary></details>\s*<form class=\"options\"", page)
    assert folded
    assert text_of(folded[1]) == "Options · “<wyn>” · Show: Unmarked"
    assert "<wyn>" not in page


@pytest.mark.parametrize(
    ("rows", "total", "count"), [("20", 0, 1), ("20", 20, 1), ("20", 21, 2), ("all", 2000, 1)]
)
def test_how_many_pages(rows: str, total: int, count: int) -> None:
    assert pages(rows, total) == count


@pytest.mark.parametrize(
    ("page", "last", "linked"),
    [
        (1, 1, [1]),
        (1, 4, [1, 2, 3, 4]),
        (1, 13, [1, 2, 3, None, 13]),
        (7, 13, [1, None, 5, 6, 7, 8, 9, None, 13]),
        (13, 13, [1, None, 11, 12, 13]),
    ],
)
def test_the_pages_that_are_linked(page: int, last: int, linked: list[int | None]) -> None:
    assert numbered(page, last) == linked
