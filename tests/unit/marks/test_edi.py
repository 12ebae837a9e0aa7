"""EDI files: their names, their layout, and what is written read again."""

import json
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.marks.domain.edi import fitting, read_records, write_records
from services.marks.domain.edi_layout import FieldLayout, Layout, LayoutError
from services.marks.domain.edi_names import EdiName, after, in_sequence
from services.marks.domain.entries import COLUMNS
from shared.errors import UnprocessableError
from shared.findings import InvalidValueError, LineFindings

EXAMPLE = files("services.marks.edi").joinpath("example.json").read_text(encoding="utf-8")
LAYOUT = Layout.parse(EXAMPLE)
HEADER = {"centre_no": "68101", "series": "JUNE 2031"}
ENTRY = {
    "action": "A",
    "qualification": "GCSE",
    "paper_code": "3700U1",
    "candidate_no": "0012",
    "uci": "",
    "dob": "2015-03-29",
    "surname": "O'NEILL-ŴYN",
    "forenames": "Siân",
    "teaching_set": "10A",
}


def read(raw: bytes, letter: str = "E", name: str = "") -> tuple[list[dict[str, str]], list[str]]:
    """The lines by column, and what is wrong with the file."""
    findings = LineFindings()
    found = list(read_records(raw, LAYOUT, LAYOUT.files[letter], findings, EdiName.parse(name)))
    names = found[0][1]
    values = [dict(zip(names, record, strict=True)) for _line, record in found[1:]]
    return values, [error.detail for error in findings.errors]


NAMES = [
    ("E68101WJ.X01", EdiName("WJ", "68101", "E", 1)),
    ("m68101wj.x99", EdiName("WJ", "68101", "M", 99)),
    ("E6810WJ.X01", None),
    ("E68101WJ.X1", None),
    ("E68101WJ.Y01", None),
    ("entries.csv", None),
    ("E68101WJ.X01.csv", None),
]


@pytest.mark.parametrize(("name", "expected"), NAMES)
def test_a_name_says_type_centre_body_and_sequence(name: str, expected: EdiName | None) -> None:
    assert EdiName.parse(name) == expected


def test_files_come_in_sequence_whatever_their_case() -> None:
    given_names = ["e68101wj.x10", "b.csv", "E68101WJ.X02", "E68101WJ.x09", "a.csv", "b.csv"]
    expected = ["E68101WJ.X02", "E68101WJ.x09", "e68101wj.x10", "b.csv", "a.csv", "b.csv"]
    found = in_sequence((name, place) for place, name in enumerate(given_names))
    assert [name for name, _place in found] == expected
    assert [place for _name, place in found] == [2, 3, 0, 1, 4, 5]


STEPS = [
    (None, 1, []),
    (None, 3, [1, 2]),
    (1, 2, []),
    (1, 4, [2, 3]),
    (2, 2, None),
    (30, 1, None),
    (51, 1, None),
    (98, 99, []),
    (99, 1, []),
    (99, 2, [1]),
    (98, 1, [99]),
    (97, 2, [98, 99, 1]),
    (1, 99, None),
]


@pytest.mark.parametrize(("last", "sequence", "expected"), STEPS)
def test_numbers_left_out_are_known_and_which_come_too_late(
    last: int | None, sequence: int, expected: list[int] | None
) -> None:
    missing = after(last, sequence)
    assert (missing if missing is None else [*missing]) == expected


text = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=20)
numbers = st.integers(0, 9999).map(str)
entries = st.fixed_dictionaries(
    {
        "action": st.sampled_from("AW"),
        "qualification": text,
        "paper_code": st.from_regex(r"[0-9A-Z/]{4,10}", fullmatch=True),
        "candidate_no": st.from_regex(r"[0-9]{4}", fullmatch=True),
        "uci": st.just("") | st.from_regex(r"[0-9]{12}[A-Z]", fullmatch=True),
        "dob": st.dates().map(str),
        "surname": text,
        "forenames": text,
        "teaching_set": st.just("") | text,
    }
)
mark_lines = st.fixed_dictionaries(
    {
        "candidate_no": st.from_regex(r"[0-9]{4}", fullmatch=True),
        **{f"task_{number}": st.just("") | numbers for number in range(1, 7)},
        "total": st.just("") | numbers,
        "code": st.sampled_from(["", "A", "CF"]),
        "outcome": st.just("") | text,
        "teacher_initials": st.just("") | st.from_regex(r"[A-Z]{1,6}", fullmatch=True),
    }
)


@given(st.lists(entries, max_size=20))
def test_entries_written_are_read_the_same(lines: list[dict[str, str]]) -> None:
    found, wrong = read(write_records(LAYOUT, "E", HEADER, lines))
    assert wrong == []
    assert found == [HEADER | line for line in lines]


@given(st.lists(mark_lines, max_size=20))
def test_marks_written_are_read_the_same(lines: list[dict[str, str]]) -> None:
    header = HEADER | {"qualification": "GCSE", "paper_code": "9791/01"}
    found, wrong = read(write_records(LAYOUT, "M", header, lines), "M")
    assert wrong == []
    assert found == [header | line for line in lines]


@given(st.binary(max_size=400), st.booleans())
def test_whatever_comes_is_read_or_named(raw: bytes, begins_well: bool) -> None:  # noqa: FBT001
    found, wrong = read(b"E1" + raw if begins_well else raw)
    assert found or wrong


GOOD = write_records(LAYOUT, "E", HEADER, [ENTRY, ENTRY | {"candidate_no": "0013"}])
HEAD, FIRST, SECOND, LAST = GOOD.decode().split("\r\n")[:4]
BAD = [
    ([HEAD, FIRST, SECOND], ["Line 4: The last record of the file is missing."]),
    ([HEAD, FIRST, LAST], ["Line 3, lines: The file has 1 lines, not 2."]),
    ([HEAD, "X5", FIRST, SECOND, LAST], ["Line 2: This is no record of such a file."]),
    ([HEAD, FIRST, SECOND, LAST, FIRST], ["Line 5: Stands after the last record of the file."]),
    ([HEAD, HEAD, FIRST, SECOND, LAST], ["Line 2: This is no record of such a file."]),
    (
        [HEAD[:7] + "132031", FIRST, SECOND, LAST],
        ["Line 1, series: Must be a series written as MMYYYY."],
    ),
    (
        [HEAD, FIRST.replace("E51", "E57"), SECOND, LAST],
        ["Line 2, action: Must be one of: 1, 9."],
    ),
    (
        [HEAD, FIRST, SECOND.replace("29032015", "2903 201"), LAST],
        ["Line 3, dob: Must be a date written as DDMMYYYY."],
    ),
    ([HEAD, FIRST, f"{SECOND}{'X' * 200}", LAST], ["Line 3: Has more than 168 characters."]),
]


@pytest.mark.parametrize(("lines", "expected"), BAD)
def test_every_bad_line_is_named(lines: list[str], expected: list[str]) -> None:
    _found, wrong = read("\n".join(lines).encode())
    assert wrong == expected


def test_case_and_the_end_of_lines_do_not_matter() -> None:
    lower = "\n".join([HEAD.lower(), FIRST.replace("E5", "e5"), SECOND, LAST.lower()])
    found, wrong = read(b"\xef\xbb\xbf" + lower.encode() + b"\n\x1a")
    assert wrong == []
    assert found == read(GOOD)[0]


def test_the_name_of_the_file_and_its_header_say_one_centre() -> None:
    assert read(GOOD, name="E68101WJ.X01")[1] == []
    assert read(GOOD, name="E68202WJ.X01")[1] == [
        "Line 1, centre_no: The name of the file says 68202."
    ]


def test_columns_are_added_and_empty_ones_left_out() -> None:
    records = [(1, ["series", "task_1", "task_2", "task_3"]), (2, ["JUNE 2031", "5", "", "4"])]
    assert list(fitting(records, ("series", "task_1", "uci"))) == [
        (1, ["series", "task_1", "task_3", "uci"]),
        (2, ["JUNE 2031", "5", "4", ""]),
    ]
    found = list(read_records(GOOD, LAYOUT, LAYOUT.files["E"], LineFindings()))
    assert sorted(next(fitting(found, COLUMNS))[1]) == sorted(COLUMNS)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ({"length": 3}, "ABCD"),
        ({"length": 9}, " AB"),
        ({"length": 9}, "A\nB"),
        ({"length": 3, "format": "number"}, "1000"),
        ({"length": 3, "format": "number"}, "-1"),
        ({"length": 8, "format": "date"}, "29/03/2015"),
        ({"length": 6, "format": "series"}, "MAI 2031"),
        ({"length": 1, "codes": {"1": "A"}}, "B"),
    ],
)
def test_what_does_not_fit_is_not_written(field: dict[str, Any], value: str) -> None:
    with pytest.raises(InvalidValueError):
        FieldLayout(name="value", at=1, **field).write(value)


def changed(**changes: Any) -> str:
    return json.dumps(json.loads(EXAMPLE) | changes)


HEAD_RECORD = {"role": "header", "starts": "A", "fields": []}
LINE_RECORD = {"role": "line", "starts": "B", "fields": []}
END_RECORD = {"role": "trailer", "starts": "C", "fields": []}
OVERLAPPING = [{"name": "a", "at": 2, "length": 3}, {"name": "b", "at": 4, "length": 1}]


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ([HEAD_RECORD, LINE_RECORD], "one header, one kind of line and one trailer"),
        ([HEAD_RECORD, LINE_RECORD | {"starts": "a1"}, END_RECORD], "two records start alike"),
        ([HEAD_RECORD, LINE_RECORD | {"fields": OVERLAPPING}, END_RECORD], "b begins within"),
        ([HEAD_RECORD, LINE_RECORD, END_RECORD | {"more": 1}], "more"),
    ],
)
def test_a_layout_that_cannot_be_says_why(records: list[Any], expected: str) -> None:
    with pytest.raises(LayoutError, match=expected):
        Layout.parse(changed(files={"E": {"kind": "entries", "records": records}}))


def test_a_file_wrong_throughout_is_refused_soon() -> None:
    with pytest.raises(UnprocessableError):
        read(b"E1681010620" + b"31\n" + b"X\n" * 20_000)
