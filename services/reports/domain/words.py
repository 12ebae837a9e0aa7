"""Words and texts of reports."""

from collections.abc import Mapping
from typing import Literal

Sample = Literal["Yes", "No", "Added", "Further"]

_SAMPLE_WORDS: Mapping[str | None, Sample] = {
    None: "No",
    "system": "Yes",
    "centre": "Added",
    "moderator": "Further",
    "board": "Further",
}


def sample_word(chosen_by: str | None) -> Sample:
    """Whether a candidate is in the sample, by who chose it (None: nobody)."""
    return _SAMPLE_WORDS[chosen_by]


def display_name(surname: str, forenames: str) -> str:
    """`SURNAME : FORENAME`; empty while the entry has not been heard of."""
    return f"{surname} : {forenames}" if surname or forenames else ""
