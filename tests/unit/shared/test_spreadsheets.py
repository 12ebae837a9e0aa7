"""Tables as files: no cell is a formula, and a workbook is read in bounds."""

import csv
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.spreadsheets import (
    MOST_UNPACKED,
    BrokenWorkbookError,
    as_csv,
    as_xlsx,
    file_name,
    plain_cell,
    read_xlsx,
    safe_cell,
)


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("SURNAME : FORENAME", "SURNAME : FORENAME"),
        ("", ""),
        ("A=1", "A=1"),
        ("'t Hart", "'t Hart"),
        ('=HYPERLINK("http://x")', '\'=HYPERLINK("http://x")'),
        ("+44", "'+44"),
        ("-Smith", "'-Smith"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("\N{FULLWIDTH EQUALS SIGN}1", "'\N{FULLWIDTH EQUALS SIGN}1"),
    ],
)
def test_a_cell_is_no_formula(text: str, cell: str) -> None:
    assert safe_cell(text) == cell


@given(st.text())
def test_a_cell_keeps_its_text_and_never_begins_a_formula(text: str) -> None:
    cell = safe_cell(text)
    assert cell in {text, f"'{text}"}
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_a_cell_comes_back_out_of_a_csv(text: str) -> None:
    out = io.StringIO(newline="")
    csv.writer(out).writerow([safe_cell(text), "last"])
    assert list(csv.reader(io.StringIO(out.getvalue(), newline=""))) == [[safe_cell(text), "last"]]


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        (
            ("candidate-details", "68101", "9791/01", "JUNE", 2031),
            "candidate-details-68101-9791-01",
        ),
        (("a", "../../etc", '"; x="'), "a-etc-x"),
        (("a\r\nb",), "a-b"),
    ],
)
def test_a_file_name_any_system_takes(parts: tuple[object, ...], name: str) -> None:
    assert file_name(*parts).startswith(name)
    assert not set(file_name(*parts)) & set('/\\".\r\n ')


@given(st.text())
def test_a_safe_cell_comes_back_plain(text: str) -> None:
    if not text.startswith("'"):
        assert plain_cell(safe_cell(text)) == text


def test_rows_come_back_out_of_both() -> None:
    rows: list[list[object]] = [["name", "mark"], ["O'NEILL-ŴYN", 15], ["=1+1", None], ["Siân", 0]]
    filled = [[cell for cell in row if cell is not None] for row in rows]
    assert [list(row) for _number, row in read_xlsx(as_xlsx(rows, "Marks"))] == filled
    text = b"".join(as_csv(rows)).decode("utf-8-sig")
    read = list(csv.reader(io.StringIO(text, newline="")))
    assert read == [["name", "mark"], ["O'NEILL-ŴYN", "15"], ["'=1+1", ""], ["Siân", "0"]]


def test_blank_rows_are_none_and_the_others_keep_their_numbers() -> None:
    rows: list[list[object]] = [["a"], [None], ["b"]]
    assert [number for number, _row in read_xlsx(as_xlsx(rows, "Marks"))] == [1, 3]


def packed(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


def with_part(name: str, content: bytes) -> bytes:
    """A good workbook in which one part is another."""
    out = io.BytesIO()
    good = zipfile.ZipFile(io.BytesIO(as_xlsx([["a"]], "Marks")))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for part in good.namelist():
            made.writestr(part, content if part == name else good.read(part))
    return out.getvalue()


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    b'<row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>'
)


FAR = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    b'<row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData></worksheet>'
)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"PK\x03\x04",
        b"series,qualification\n",
        as_xlsx([["a"]], "Marks")[:-30],
        packed(a=b"b"),
        packed(a=bytes(MOST_UNPACKED + 1)),
        with_part("xl/worksheets/sheet1.xml", BOMB),
        with_part("xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row r='x'>"),
        with_part("xl/worksheets/sheet1.xml", FAR),
        with_part("xl/workbook.xml", b"<workbook/>"),
        with_part("[Content_Types].xml", b"not xml"),
    ],
)
def test_what_is_no_workbook_is_refused(raw: bytes) -> None:
    with pytest.raises(BrokenWorkbookError):
        list(read_xlsx(raw))
