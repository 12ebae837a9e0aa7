"""Reading the board's entries, line by line."""

import csv
import io
from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.marks.domain.entries import COLUMNS, Action, Entry, read_entries
from services.marks.domain.paper import Series
from shared import findings as findings_module
from shared.errors import ProblemError, UnprocessableError
from shared.findings import LineFindings

TODAY = date(2031, 1, 15)
HEADER = ",".join(COLUMNS)
ROW = {
    "series": "JUNE 2031",
    "qualification": "GCSE",
    "centre_no": "68101",
    "paper_code": "3700U1",
    "candidate_no": "0123",
    "uci": "12345678901AB",
    "surname": "O'Neill-Ŵyn",
    "forenames": "Siân Mary",
    "dob": "2015-03-29",
    "teaching_set": "11X/En1",
    "action": "A",
}
ENTRY = Entry(
    line=2,
    series=Series("JUNE", 2031),
    qualification="GCSE",
    centre_no="68101",
    paper_code="3700U1",
    candidate_no="0123",
    uci="12345678901AB",
    surname="O'Neill-Ŵyn",
    forenames="Siân Mary",
    dob=date(2015, 3, 29),
    teaching_set="11X/En1",
    action=Action.ADD,
)


def row(**change: str) -> str:
    line = io.StringIO()
    csv.writer(line).writerow((ROW | change).values())
    return line.getvalue().removesuffix("\r\n")


def file_of(*lines: str, end: str = "\n") -> bytes:
    return end.join((HEADER, *lines, "")).encode()


def read(content: bytes) -> list[Entry]:
    findings = LineFindings()
    entries = list(read_entries(io.BytesIO(content), TODAY, findings))
    findings.refuse()
    return entries


def pointers(content: bytes) -> list[str]:
    with pytest.raises(UnprocessableError) as refused:
        read(content)
    return [error.pointer for error in refused.value.errors]


def test_the_columns_are_those_of_an_entry() -> None:
    assert [field.name for field in fields(Entry)] == ["line", *COLUMNS]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(file_of(row()), id="plain"),
        pytest.param(file_of(row(), end="\r\n"), id="CRLF"),
        pytest.param(b"\xef\xbb\xbf" + file_of(row()), id="byte-order mark"),
        pytest.param(file_of(row())[:-1], id="no end of the last line"),
        pytest.param(file_of(row(), "", ""), id="blank lines at the end"),
        pytest.param(file_of(row().replace("GCSE", '"GCSE"')), id="quoted"),
        pytest.param(file_of(row(surname=" O'Neill-W\u0302yn ")), id="not yet NFC, spaces"),
        pytest.param(file_of(row(series="june  2031", action="a")), id="lower case"),
        pytest.param(
            f"{','.join(reversed(COLUMNS)).upper()}\n{','.join(reversed(ROW.values()))}".encode(),
            id="another order of columns, in capitals",
        ),
    ],
)
def test_a_good_file_is_read(content: bytes) -> None:
    assert read(content) == [ENTRY]


def test_optional_values_may_be_empty_and_a_line_may_withdraw() -> None:
    [entry] = read(file_of(row(uci="", teaching_set="", action="w")))
    assert (entry.uci, entry.teaching_set, entry.action) == ("", "", Action.WITHDRAW)


def test_a_file_without_lines_has_no_entries() -> None:
    assert read(file_of()) == []


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("series", "SUMMER 2031"),
        ("series", ""),
        ("qualification", " "),
        ("centre_no", "6810"),
        ("centre_no", "68101A"),
        ("centre_no", "٦٨١٠١"),
        ("paper_code", "370"),
        ("paper_code", "3700 U1"),
        ("candidate_no", "123"),
        ("candidate_no", "12345"),
        ("candidate_no", "12.4"),
        ("uci", "123456789012"),
        ("uci", "12345678901ABC"),
        ("uci", "12345678901A\x00"),
        ("surname", ""),
        ("surname", "a\x07b"),
        ("surname", "x" * 256),
        ("forenames", "\N{ZERO WIDTH SPACE}"),
        ("forenames", "a\nb"),
        ("dob", ""),
        ("dob", "29/03/2015"),
        ("dob", "20150329"),
        ("dob", "2015-W13-7"),
        ("dob", "2015-02-30"),
        ("dob", "2031-01-16"),
        ("teaching_set", "a\x00"),
        ("action", "D"),
        ("action", ""),
    ],
)
def test_a_bad_value_is_named_by_line_and_column(column: str, value: str) -> None:
    assert pointers(file_of(row(), row(candidate_no="0124"), row(**{column: value}))) == [
        f"/lines/4/{column}"
    ]


def test_a_birthday_today_is_not_in_the_future() -> None:
    assert read(file_of(row(dob=TODAY.isoformat())))[0].dob == TODAY


def test_bytes_that_are_not_utf8_are_named_by_line() -> None:
    content = file_of(row(), row(candidate_no="0124")).replace("â".encode(), b"\xe2")
    assert pointers(content) == ["/lines/2/forenames", "/lines/3/forenames"]


def test_every_bad_line_is_reported_with_all_that_is_wrong() -> None:
    lines = [row(candidate_no=f"{number:04}") for number in range(5000)]
    lines[16] = row(dob="x", action="x")
    lines[4998] = "too,short"
    assert pointers(file_of(*lines)) == ["/lines/18/dob", "/lines/18/action", "/lines/5000"]


def test_the_refusal_counts_the_lines_and_the_sentence_names_them() -> None:
    with pytest.raises(UnprocessableError, match="2 lines of the file are wrong") as refused:
        read(file_of(row(dob="x", action="x"), row(uci="x")))
    assert refused.value.errors[0].detail.startswith("Line 2, dob: ")


def test_a_quoted_line_end_counts_as_a_line() -> None:
    content = file_of(row(surname="a\r\nb"), row(dob="x"))
    assert pointers(content) == ["/lines/2/surname", "/lines/4/dob"]


def test_a_quote_never_closed_is_named_where_it_begins() -> None:
    broken = row(candidate_no="0124").replace("GCSE", '"GCSE')
    assert pointers(file_of(row(), broken, row(dob="x"))) == ["/lines/3"]


def test_reading_goes_on_after_a_line_that_cannot_be_read() -> None:
    broken = row().replace("GCSE", '"GC"SE')
    assert pointers(file_of(broken, row(), row(dob="x"))) == ["/lines/2", "/lines/4/dob"]


def test_a_candidate_stands_once_for_a_paper() -> None:
    others = [
        row(),
        row(candidate_no="0124"),
        row(centre_no="68102"),
        row(paper_code="9791/01"),
        row(series="JUNE 2030"),
    ]
    assert len(read(file_of(*others))) == 5
    with pytest.raises(UnprocessableError) as refused:
        read(file_of(*others, row(surname="Other", action="W")))
    [error] = refused.value.errors
    assert error.pointer == "/lines/7/candidate_no"
    assert error.detail.startswith("Line 7, candidate_no: Line 2 ")


@pytest.mark.parametrize(
    ("header", "wrong"),
    [
        (HEADER.replace("dob,", ""), ["/lines/1/dob"]),
        (HEADER.replace("dob", "birthday"), ["/lines/1/dob", "/lines/1"]),
        (HEADER + ",colour", ["/lines/1"]),
        (HEADER + ",dob", ["/lines/1/dob"]),
        (HEADER.replace(",", ";"), [*(f"/lines/1/{name}" for name in COLUMNS), "/lines/1"]),
        ("", [f"/lines/1/{name}" for name in COLUMNS]),
    ],
)
def test_a_wrong_header_is_refused_at_once(header: str, wrong: list[str]) -> None:
    assert pointers(f"{header}\n{row(dob='x')}\n".encode() if header else b"") == wrong


def test_a_file_of_another_encoding_is_refused() -> None:
    assert pointers(file_of(row()).decode().encode("utf-16"))[0] == "/lines/1/series"


def test_a_file_wrong_throughout_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(findings_module, "MOST_LINE_ERRORS", 3)
    assert pointers(file_of(*[row(dob="x")] * 9)) == [
        "/lines/2/dob",
        "/lines/3/dob",
        "/lines/4/dob",
        "/lines",
    ]


def test_entries_come_while_the_file_is_read() -> None:
    def endless() -> Iterable[bytes]:
        yield f"{HEADER}\n".encode()
        for number in range(10_000):
            yield f"{row(candidate_no=f'{number:04}')}\n".encode()
        pytest.fail("read to the end before the first entry")

    assert next(read_entries(endless(), TODAY, LineFindings())).candidate_no == "0000"


@given(st.binary())
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    with pytest.raises(ProblemError):
        read(content)


@given(st.lists(st.binary(max_size=40) | st.text().map(str.encode) | st.just(row().encode())))
def test_any_bytes_below_a_good_header_are_read_or_refused(lines: list[bytes]) -> None:
    content = b"\n".join((HEADER.encode(), *lines))
    try:
        entries = read(content)
    except ProblemError as refused:
        for error in refused.errors:
            error.detail.encode()
    else:
        assert all(replace(entry, line=2) == ENTRY for entry in entries)


NAME = st.text(st.characters(categories=["L", "P", "Zs"]), min_size=1, max_size=50).filter(
    lambda name: any(letter.isalpha() for letter in name)
)


@given(NAME, NAME)
def test_any_printable_name_is_kept(surname: str, forenames: str) -> None:
    [entry] = read(file_of(row(surname=surname, forenames=forenames)))
    [again] = read(file_of(row(surname=entry.surname, forenames=entry.forenames)))
    assert (entry.surname, entry.forenames) == (again.surname, again.forenames)
