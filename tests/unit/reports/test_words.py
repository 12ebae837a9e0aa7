"""Words and texts of reports."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reports.domain.words import display_name, file_name, safe_cell, sample_word


@pytest.mark.parametrize(
    ("chosen_by", "word"),
    [
        (None, "No"),
        ("system", "Yes"),
        ("centre", "Added"),
        ("moderator", "Further"),
        ("board", "Further"),
    ],
)
def test_the_word_for_the_sample(chosen_by: str | None, word: str) -> None:
    assert sample_word(chosen_by) == word


def test_a_name_is_shown_as_the_guide_shows_it() -> None:
    assert display_name("O'NEILL-ŴYN", "Siân Mair") == "O'NEILL-ŴYN : Siân Mair"
    assert display_name("", "") == ""


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
