"""Names, initials and the folded form used for search."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.marks.domain.findings import InvalidValueError
from services.marks.domain.text import (
    display_name,
    read_initials,
    read_required,
    read_text,
    surname_key,
)

LATIN = st.text(st.characters(max_codepoint=0x17F, categories=["L", "Zs"]) | st.sampled_from("'-"))


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
    ("surname", "search"),
    [
        ("O'Neill-Ŵyn", "wyn"),
        ("O'Neill-Ŵyn", "o'neill"),
        ("O\N{RIGHT SINGLE QUOTATION MARK}Neill", "O'NEILL"),
        ("O'Neill", "o\N{RIGHT SINGLE QUOTATION MARK}n"),
        ("Llŷr\N{NON-BREAKING HYPHEN}Jones", "llyr-j"),
        ("Wałęsa", "walesa"),
        ("STRAẞE", "strasse"),
        ("de  la\N{NO-BREAK SPACE}Cruz", "la cruz"),
        ("Åström", "Stro"),
    ],
)
def test_search_ignores_case_and_accents(surname: str, search: str) -> None:
    assert surname_key(search) in surname_key(surname)


def test_names_that_differ_in_letters_keep_different_keys() -> None:
    assert surname_key("Oneill") != surname_key("O'Neill")


@given(LATIN)
def test_the_key_is_stable_and_free_of_case_and_form(text: str) -> None:
    key = surname_key(text)
    assert surname_key(key) == key
    assert surname_key(unicodedata.normalize("NFD", text)) == key
    assert not any(unicodedata.combining(letter) for letter in key)


@given(st.text())
def test_any_text_has_a_key(text: str) -> None:
    assert surname_key(text) == surname_key(text).strip()


def test_a_name_is_shown_surname_first() -> None:
    assert display_name("O'Neill", "Siân Mary") == "O'Neill : Siân Mary"
