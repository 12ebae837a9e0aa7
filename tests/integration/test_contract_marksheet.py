"""The marksheet, by the contract: what may be asked of it, and what it answers."""

from typing import Any
from urllib.parse import quote

import pytest

from tests.integration.conftest import Accounts, Allocate, MakeSheet
from tests.support import shapes
from tests.support.api import ENTRY_COLUMNS
from tests.support.refusals import refused
from tests.support.sheet import Sheet
from tests.support.waiting import wait_for

NAMES = [
    ("0007", "O'Neill-Ŵyn", "Siân"),
    ("0003", "Fernández", "Íñigo"),
    ("0012", "Nguyễn", "Thị"),
    ("0001", "Zieliński", "Łukasz"),
    ("0020", "D’Souza", "Priya"),  # noqa: RUF001 - as typed by a word processor
    ("0002", "Llŷr", "Alys"),
    ("0015", "llyr", "Zofia"),
    ("0009", "Straße", "Jörg"),
]


@pytest.fixture(scope="module")
def named(accounts: Accounts, make_sheet: MakeSheet) -> Sheet:
    """Eight candidates with names of many kinds; the marks fall with the candidate numbers."""
    sheet = make_sheet(1)
    code = sheet.paper()["code"]
    lines = [
        f"JUNE 2031,GCSE,{sheet.centre_no},{code},{number},,{surname},{forenames},2015-01-01,,A"
        for number, surname, forenames in NAMES
    ]
    file = "\n".join([ENTRY_COLUMNS, *lines, ""])
    accounts["board"].post_csv("/api/marks/imports/entries", file).expect(200)
    return sheet


@pytest.fixture(scope="module")
def marked(make_sheet: MakeSheet) -> Sheet:
    """25 candidates: 0001 absent, 0002 to 0011 marked (rising), 0012 in part, the rest not."""
    tasks = [{"name": "Portfolio", "max": 60}, {"name": "Log", "max": 20}]
    sheet = make_sheet(25, tasks=tasks)
    sheet.saved("0001", code="A")
    sheet.fill({f"{number:04d}": [number, number] for number in range(2, 12)})
    sheet.saved("0012", tasks=[5, None])
    return sheet


def numbers(sheet: Sheet, **query: object) -> list[int]:
    return [int(one["candidate_no"]) for one in sheet.candidates(**query)]


def test_its_members(marked: Sheet) -> None:
    read = marked.marksheet()
    shapes.check(read, paper=dict, tasks=list, candidates=list, total=int, page=int, cursor=str)
    shapes.check(read["paper"], **shapes.PAPER)
    assert read["tasks"] == [{"name": "Portfolio", "max": 60}, {"name": "Log", "max": 20}]
    for candidate in read["candidates"]:
        shapes.check(candidate, **shapes.CANDIDATE)
    assert (read["total"], read["page"]) == (25, 1)


def test_a_page_has_20_rows_unless_asked_otherwise(marked: Sheet) -> None:
    read = marked.api.get(f"{marked.path}/marksheet").expect(200)
    assert (len(read["candidates"]), read["total"], read["rows"], read["page"]) == (20, 25, 20, 1)
    second = marked.api.get(f"{marked.path}/marksheet?page=2").expect(200)
    assert [one["candidate_no"] for one in second["candidates"]] == [
        "0021", "0022", "0023", "0024", "0025",
    ]  # fmt: skip
    assert (second["total"], second["page"]) == (25, 2)


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ({"rows": 1}, [1]),
        ({"rows": 10, "page": 3}, [*range(21, 26)]),
        ({"rows": 10, "page": 4}, []),
        ({"rows": 10, "page": 10**9}, []),
        ({"rows": 2000}, [*range(1, 26)]),
        ({"rows": "all"}, [*range(1, 26)]),
        ({"show": "all", "rows": 3}, [1, 2, 3]),
        ({"show": "marked"}, [*range(1, 12)]),
        ({"show": "unmarked"}, [*range(12, 26)]),
        ({"show": "samples"}, []),
        ({"show": "marked", "rows": 5, "page": 3}, [11]),
        ({"sort": "candidate_no", "rows": 3}, [1, 2, 3]),
        ({"sort": "mark", "rows": 3}, [11, 10, 9]),
        ({"sort": "mark", "show": "marked"}, [*range(11, 1, -1), 1]),
        ({"show": "", "sort": "", "search": "", "page": ""}, [*range(1, 26)]),
    ],
    ids=str,
)
def test_what_may_be_asked(marked: Sheet, query: dict[str, Any], wanted: list[int]) -> None:
    assert numbers(marked, **query) == wanted


def test_the_total_is_of_what_the_filters_leave(marked: Sheet) -> None:
    assert marked.marksheet(show="unmarked", rows=2)["total"] == 14
    assert marked.marksheet(search="neill", rows=2)["total"] == 25
    assert marked.marksheet(search="jones")["total"] == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("show", "some"),
        ("sort", "colour"),
        ("rows", "0"),
        ("rows", "-1"),
        ("rows", "2001"),
        ("rows", "many"),
        ("rows", "1.5"),
        ("page", "0"),
        ("page", "-1"),
        ("page", "x"),
        ("changed_since", "yesterday"),
    ],
)
def test_what_may_not_be_asked(marked: Sheet, name: str, value: str) -> None:
    refused(marked.api.get(f"{marked.path}/marksheet?{name}={value}"), 422, f"/{name}")


@pytest.mark.parametrize(
    ("search", "wanted"),
    [
        ("wyn", ["0007"]),
        ("ŴYN", ["0007"]),
        ("o'neill", ["0007"]),
        ("neill-w", ["0007"]),
        ("fernandez", ["0003"]),
        ("NÁNDEZ", ["0003"]),
        ("nguyen", ["0012"]),
        ("llyr", ["0002", "0015"]),
        ("LLŶR", ["0002", "0015"]),
        ("d'souza", ["0020"]),
        ("strasse", ["0009"]),
        ("zielin", ["0001"]),
        (" wyn ", ["0007"]),
        ("Alys", []),
        ("%", []),
        ("_", []),
        ("\\", []),
        ("'", ["0007", "0020"]),
        ("\x00", [number for number, *_name in sorted(NAMES)]),
    ],
)
def test_a_search_ignores_case_and_accents(named: Sheet, search: str, wanted: list[str]) -> None:
    found = named.api.get(f"{named.path}/marksheet?rows=all&search={quote(search)}").expect(200)
    assert [one["candidate_no"] for one in found["candidates"]] == wanted
    assert found["total"] == len(wanted)


def test_names_are_sorted_as_people_read_them(named: Sheet) -> None:
    by_name = [one["name"] for one in named.candidates(sort="name")]
    assert by_name == [
        "D’Souza : Priya",  # noqa: RUF001 - as typed by a word processor
        "Fernández : Íñigo",
        "Llŷr : Alys",
        "llyr : Zofia",
        "Nguyễn : Thị",
        "O'Neill-Ŵyn : Siân",
        "Straße : Jörg",
        "Zieliński : Łukasz",
    ]


def test_changed_since_gives_what_changed_since(make_sheet: MakeSheet) -> None:
    sheet = make_sheet(5)

    def changed(cursor: str) -> tuple[list[int], str]:
        read = sheet.marksheet(changed_since=cursor)
        return [int(one["candidate_no"]) for one in read["candidates"]], read["cursor"]

    cursor = sheet.marksheet()["cursor"]
    assert changed(cursor) == ([], cursor)
    sheet.saved("0003", tasks=[1])
    sheet.patch(
        {"candidate_no": "0001", "tasks": [2]}, {"candidate_no": "0002", "tasks": [101]}
    ).expect(200)
    rows, later = changed(cursor)
    assert rows == [1, 3]
    assert later != cursor
    sheet.saved("0003", tasks=[1])
    assert changed(later) == ([], later)
    refused(sheet.put("0003", {"tasks": [101]}), 422)
    assert changed(later) == ([], later)

    sheet.fill_all()
    latest = sheet.marksheet()["cursor"]
    sheet.submit()
    assert changed(latest)[0] == [1, 2, 3, 4, 5]


def test_the_sample_and_corrections_show_there(make_sheet: MakeSheet, allocate: Allocate) -> None:
    sheet = make_sheet(12)
    sheet.fill({f"{number:04d}": [number] for number in range(1, 13)})
    moderators = allocate(sheet)
    sheet.submit()
    sheet.settle()
    chosen = [int(one["candidate_no"]) for one in sheet.sample()["candidates"]]
    assert numbers(sheet, show="samples") == chosen
    sampled = sheet.candidate("0012")["sample"]
    shapes.check(sampled, chosen_by=str, reason=str)
    assert sampled["chosen_by"] == "system"
    assert sheet.candidate("0011")["sample"] is None

    wait_for("allocated", lambda: moderators.api.get(f"{sheet.path}/marksheet").status == 200)
    cursor = sheet.marksheet()["cursor"]
    slip = {"candidate_no": "0012", "tasks": [9], "reason": "Added up wrongly"}
    moderators.api.post(f"{sheet.path}/clerical-errors", slip).expect(201)
    (corrected,) = sheet.candidates(changed_since=cursor)
    shapes.check(corrected, **shapes.CANDIDATE)
    error = corrected["clerical_error"]
    assert (error["tasks"], error["total"], error["reason"]) == ([9], 9, "Added up wrongly")
    assert error["by"] == moderators.api.user["name"]
    assert shapes.is_instant(error["at"])
    assert (corrected["tasks"], corrected["total"], corrected["effective_total"]) == ([12], 12, 9)
    assert numbers(sheet, sort="mark", rows=3) == [11, 10, 9]
