"""Entries as CSV, by the contract: all of a file is stored, or nothing."""

import unicodedata
from typing import Any

import pytest

from tests.integration.conftest import Accounts, MakeSheet
from tests.support.api import ENTRY_COLUMNS, Answer, entries
from tests.support.refusals import refused
from tests.support.sheet import Sheet
from tests.support.waiting import wait_for

IMPORT = "/api/marks/imports/entries"
NOTHING = {"added": 0, "changed": 0, "withdrawn": 0, "unchanged": 0}


class Board:
    """Imports entries of one new paper."""

    def __init__(self, accounts: Accounts, sheet: Sheet) -> None:
        self.api = accounts["board"]
        self.sheet = sheet
        self.code = sheet.paper()["code"]

    def line(self, number: int, **changes: str) -> str:
        values = {
            "series": "JUNE 2031",
            "qualification": "GCSE",
            "centre_no": self.sheet.centre_no,
            "paper_code": self.code,
            "candidate_no": f"{number:04d}",
            "uci": "",
            "surname": "Jones",
            "forenames": "Alys",
            "dob": "2015-02-28",
            "teaching_set": "10A",
            "action": "A",
        } | changes
        return ",".join(values.values())

    def send(self, *lines: str, query: str = "") -> Answer:
        return self.send_bytes("\n".join([ENTRY_COLUMNS, *lines, ""]).encode(), query)

    def send_bytes(self, file: bytes, query: str = "") -> Answer:
        return self.api.call("POST", IMPORT + query, file, {"Content-Type": "text/csv"})

    def load(self, *lines: str) -> dict[str, Any]:
        counts: dict[str, Any] = self.send(*lines).expect(200)
        return counts


@pytest.fixture
def board(accounts: Accounts, make_sheet: MakeSheet) -> Board:
    """A paper with the candidate 0001 of `tests.support.api.entries`."""
    return Board(accounts, make_sheet(1))


@pytest.fixture(scope="module")
def refusing(accounts: Accounts, make_sheet: MakeSheet) -> Board:
    return Board(accounts, make_sheet(1))


def numbers(sheet: Sheet) -> list[str]:
    return [one["candidate_no"] for one in sheet.candidates()]


def test_the_same_file_twice_changes_nothing(board: Board) -> None:
    lines = [board.line(number) for number in range(2, 40)]
    assert board.load(*lines) == NOTHING | {"added": 38}
    before = board.sheet.marksheet()
    assert board.load(*lines) == NOTHING | {"unchanged": 38}
    assert board.sheet.marksheet() == before


def test_a_dry_run_only_tells(board: Board) -> None:
    lines = [board.line(1, surname="Nguyễn"), board.line(2), board.line(3)]
    before = board.sheet.marksheet()
    told = board.send(*lines, query="?dry_run=true").expect(200)
    assert told == NOTHING | {"added": 2, "changed": 1}
    assert board.sheet.marksheet() == before
    assert board.load(*lines) == told


def test_a_withdrawn_candidate_is_gone_and_comes_back_with_its_mark(board: Board) -> None:
    board.load(board.line(2))
    board.sheet.saved("0002", tasks=[42])
    assert board.load(board.line(2, action="W")) == NOTHING | {"withdrawn": 1}
    assert numbers(board.sheet) == ["0001"]
    refused(board.sheet.put("0002", {"tasks": [1]}), 404)
    assert board.sheet.paper()["candidates"] == 1
    assert board.load(board.line(2, action="W")) == NOTHING | {"unchanged": 1}
    assert board.load(board.line(2)) == NOTHING | {"added": 1}
    assert board.sheet.candidate("0002")["tasks"] == [42]


def test_details_are_brought_up_to_date_and_the_mark_stays(board: Board) -> None:
    board.sheet.saved("0001", tasks=[42])
    counts = board.load(board.line(1, surname="Parry", forenames="Mair", teaching_set="11C"))
    assert counts == NOTHING | {"changed": 1}
    candidate = board.sheet.candidate("0001")
    assert (candidate["name"], candidate["teaching_set"]) == ("Parry : Mair", "11C")
    assert candidate["tasks"] == [42]


BOM = b"\xef\xbb\xbf"


@pytest.mark.parametrize(("mark", "end"), [(b"", "\n"), (BOM, "\n"), (b"", "\r\n"), (BOM, "\r\n")])
def test_a_file_as_any_program_writes_it(board: Board, mark: bytes, end: str) -> None:
    line = board.line(2, surname="O'Neill-Ŵyn", forenames="Siân Llŷr")
    quoted = board.line(3, surname='"Van der Berg, y"', forenames='"Llinos ""Llin"""')
    file = end.join([ENTRY_COLUMNS, line, quoted, ""])
    counts = board.send_bytes(mark + file.encode()).expect(200)
    assert counts == NOTHING | {"added": 2}
    assert board.sheet.candidate("0002")["name"] == "O'Neill-Ŵyn : Siân Llŷr"
    assert board.sheet.candidate("0003")["name"] == 'Van der Berg, y : Llinos "Llin"'


def test_a_file_may_end_without_a_line_end_and_have_blank_lines(board: Board) -> None:
    file = f"{ENTRY_COLUMNS}\n\n{board.line(2)}\n\n{board.line(3)}"
    assert board.send_bytes(file.encode()).expect(200) == NOTHING | {"added": 2}


def test_names_are_stored_composed(board: Board) -> None:
    decomposed = unicodedata.normalize("NFD", "Ŵyn")
    board.load(board.line(2, surname=decomposed, forenames="李 小龙"))
    assert board.sheet.candidate("0002")["name"] == "Ŵyn : 李 小龙"
    assert board.load(board.line(2, surname="Ŵyn", forenames="李 小龙"))["unchanged"] == 1


@pytest.mark.parametrize(
    "name",
    ["عبد", "می\u200cر", "Þórðr 🎓", "=SUM(A1)", "NULL", "<b>", "%s %(a)s", "x" * 255],
)
def test_a_name_is_any_printable_text(board: Board, name: str) -> None:
    board.load(board.line(2, surname=name, forenames=name))
    assert board.sheet.candidate("0002")["name"] == f"{name} : {name}"


def test_a_file_may_be_of_many_papers_and_centres(
    accounts: Accounts, board: Board, make_sheet: MakeSheet
) -> None:
    other = Board(accounts, make_sheet(1))
    foreign = str(accounts.foreign_admin.user["centre_no"])
    lines = [board.line(2), other.line(2), board.line(2, centre_no=foreign)]
    assert board.load(*lines) == NOTHING | {"added": 3}
    assert numbers(board.sheet) == numbers(other.sheet) == ["0001", "0002"]
    theirs = Sheet(accounts.foreign_admin, foreign, board.sheet.paper_id)
    assert numbers(theirs) == ["0002"]


@pytest.mark.parametrize("uci", ["123456789012A", "0000000000000", "XYZ-12 345/67"])
def test_of_a_uci_only_the_length_is_checked(board: Board, uci: str) -> None:
    assert board.load(board.line(2, uci=uci))["added"] == 1


BAD_VALUES = [
    ({"series": "JUNE"}, "series"),
    ({"series": "JUNE 2099"}, "series"),
    ({"qualification": "GCE"}, "qualification"),
    ({"qualification": ""}, "qualification"),
    ({"centre_no": "6810"}, "centre_no"),
    ({"centre_no": "681011"}, "centre_no"),
    ({"centre_no": "6810A"}, "centre_no"),
    ({"paper_code": "NONE/99"}, "paper_code"),
    ({"paper_code": "abc"}, "paper_code"),
    ({"candidate_no": "1"}, "candidate_no"),
    ({"candidate_no": "00011"}, "candidate_no"),
    ({"candidate_no": "١٢٣٤"}, "candidate_no"),
    ({"uci": "123"}, "uci"),
    ({"uci": "12345678901234"}, "uci"),
    ({"surname": ""}, "surname"),
    ({"surname": "a\x07b"}, "surname"),
    ({"forenames": "\u202egnp.exe"}, "forenames"),
    ({"dob": "28/02/2015"}, "dob"),
    ({"dob": "2015-02-30"}, "dob"),
    ({"dob": "2999-01-01"}, "dob"),
    ({"action": "D"}, "action"),
    ({"action": ""}, "action"),
    ({"action": "W"}, "candidate_no"),
]


@pytest.mark.parametrize(("changes", "column"), BAD_VALUES, ids=str)
def test_a_bad_line_is_named_and_nothing_is_stored(
    refusing: Board, changes: dict[str, str], column: str
) -> None:
    before = refusing.sheet.marksheet()
    lines = [refusing.line(2), refusing.line(3, **changes), refusing.line(4)]
    for query in ("", "?dry_run=true"):
        refused(refusing.send(*lines, query=query), 422, f"/lines/3/{column}")
    assert refusing.sheet.marksheet() == before


@pytest.mark.parametrize(
    ("file", "pointer"),
    [
        (b"", "/lines/1/series"),
        (b"candidate_no,surname\n", "/lines/1/dob"),
        (ENTRY_COLUMNS.replace("dob", "born").encode(), "/lines/1/dob"),
        (f"{ENTRY_COLUMNS},colour\n".encode(), "/lines/1"),
        (f"{ENTRY_COLUMNS}\nJUNE 2031,GCSE\n".encode(), "/lines/2"),
        (f'{ENTRY_COLUMNS}\n"JUNE 2031,GCSE\n'.encode(), "/lines/2"),
        (f"{ENTRY_COLUMNS}\n".encode("utf-16"), "/lines/1/series"),
        (b"\x00\x01\x02\xff", "/lines/1/series"),
    ],
    ids=str,
)
def test_a_file_that_is_no_file_of_entries(refusing: Board, file: bytes, pointer: str) -> None:
    before = refusing.sheet.marksheet()
    refused(refusing.send_bytes(file), 422, pointer)
    assert refusing.sheet.marksheet() == before


def test_text_that_is_not_utf_8_is_named_by_its_line(refusing: Board) -> None:
    before = refusing.sheet.marksheet()
    good = f"{ENTRY_COLUMNS}\n{refusing.line(2)}\n".encode()
    bad = refusing.line(3, surname="Siân").encode("latin-1")
    refused(refusing.send_bytes(good + bad), 422, "/lines/3/surname")
    assert refusing.sheet.marksheet() == before


def test_the_same_candidate_twice_in_a_file(refusing: Board) -> None:
    before = refusing.sheet.marksheet()
    same = refusing.send(refusing.line(2), refusing.line(3), refusing.line(2, surname="Parry"))
    refused(same, 422, "/lines/4/candidate_no")
    assert refusing.sheet.marksheet() == before


def test_every_bad_line_is_named(refusing: Board) -> None:
    lines = [refusing.line(number) for number in range(2, 60)]
    wrong = (3, 17, 40)
    for number in wrong:
        lines[number - 2] = refusing.line(number, dob="yesterday", action="?")
    columns = ("dob", "action")
    pointers = [f"/lines/{number}/{column}" for number in wrong for column in columns]
    refused(refusing.send(*lines), 422, *pointers)


def test_a_file_with_nothing_in_it_is_good(refusing: Board) -> None:
    assert refusing.load() == NOTHING


def test_one_bad_line_among_5000(accounts: Accounts, refusing: Board) -> None:
    before = refusing.sheet.marksheet()
    lines = entries(refusing.code, accounts.centre_no, range(1, 5001)).splitlines()
    lines[4321] = lines[4321].replace("2015-02-28", "2015-02-29")
    refused(refusing.send_bytes("\n".join(lines).encode()), 422, "/lines/4322/dob")
    assert refusing.sheet.marksheet() == before


def test_others_hear_of_entries(board: Board) -> None:
    """Reports has names and birth dates from the event, and loses those who are withdrawn."""
    board.load(board.line(2, surname="O'Neill-Ŵyn", dob="2014-12-31"), board.line(1, action="W"))
    wanted = [("0002", "O'Neill-Ŵyn : Alys", "2014-12-31")]

    def reported() -> bool:
        report = board.sheet.api.get(f"{board.sheet.reports}/candidate-details")
        rows = report.json["rows"] if report.status == 200 else []
        return [(row["candidate_no"], row["name"], row["dob"]) for row in rows] == wanted

    wait_for("the report has the entries", reported)
