"""The options of the marksheet are read from its address, and stay in it."""

import pytest

from services.gateway.marksheet.filters import Filters, numbered, pages

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
