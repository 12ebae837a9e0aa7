"""Names and initials."""

import pytest

from services.marks.domain.text import (
    display_name,
    initials_of,
    read_initials,
    read_required,
    read_text,
)
from shared.findings import InvalidValueError


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("AB", "AB"),
        ("ab", "AB"),
        (" a b ", "AB"),
        ("A.B.", "AB"),
        ("ŵŷ", "ŴŶ"),
        ("W\N{COMBINING CIRCUMFLEX ACCENT}", "Ŵ"),
        ("O'N", "O'N"),
        ("o\N{RIGHT SINGLE QUOTATION MARK}n", "O'N"),
        ("J-P", "J-P"),
        ("ß", "SS"),
        ("", ""),
        ("   ", ""),
    ],
)
def test_initials_are_kept_in_one_spelling(typed: str, kept: str) -> None:
    assert read_initials(typed) == kept


@pytest.mark.parametrize(
    "typed", ["A1", "<b>", "-", "'A", "A,B", "ABCDEFG", "A\x00", "\ud800", "_"]
)
def test_initials_that_are_no_initials_are_refused(typed: str) -> None:
    with pytest.raises(InvalidValueError):
        read_initials(typed)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (" Siân ", "Siân"),
        ("Sia\N{COMBINING CIRCUMFLEX ACCENT}n", "Siân"),
        ("van\N{NO-BREAK SPACE}Dijk", "van\N{NO-BREAK SPACE}Dijk"),
        ("محمد", "محمد"),
        ("李", "李"),
        ("=1+1", "=1+1"),
    ],
)
def test_any_printable_text_is_a_name(written: str, kept: str) -> None:
    assert read_required(written, longest=255) == kept


@pytest.mark.parametrize(
    "written",
    [
        "",
        "  ",
        "\N{ZERO WIDTH SPACE}",
        "a\x00b",
        "a\nb",
        "\u202eab",
        "a\u2066b",
        "\udcff",
        "a\ufffeb",
        "\uffff",
        "x" * 256,
    ],
)
def test_text_that_cannot_be_shown_is_no_name(written: str) -> None:
    with pytest.raises(InvalidValueError):
        read_required(written, longest=255)


def test_optional_text_may_be_empty_and_long_text_may_have_lines() -> None:
    assert read_text("  ", longest=5) == ""
    assert read_text("a\r\n\tb", longest=9, lines=True) == "a\r\n\tb"


@pytest.mark.parametrize(
    ("name", "initials"),
    [("Siân Wyn Lloyd", "SWL"), ("ŵyn  o'neill", "ŴO"), ("Admin 2", "A"), ("", "")],
)
def test_the_initials_of_a_name(name: str, initials: str) -> None:
    assert initials_of(name) == initials


def test_a_name_is_shown_surname_first() -> None:
    assert display_name("O'Neill", "Siân Mary") == "O'Neill : Siân Mary"
