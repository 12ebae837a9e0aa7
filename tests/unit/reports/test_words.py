"""Words and texts of reports."""

import pytest

from services.reports.domain.words import display_name, sample_word


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
