"""Words and texts of reports."""

import re
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

# A spreadsheet takes a cell that begins with one of these for a formula, even when it is quoted;
# East Asian versions take the full-width forms of the signs as well.
_FORMULA = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")


def sample_word(chosen_by: str | None) -> Sample:
    """Whether a candidate is in the sample, by who chose it (None: nobody)."""
    return _SAMPLE_WORDS[chosen_by]


def display_name(surname: str, forenames: str) -> str:
    """`SURNAME : FORENAME`; empty while the entry has not been heard of."""
    return f"{surname} : {forenames}" if surname or forenames else ""


def safe_cell(text: str) -> str:
    """The text as a spreadsheet may be given it: never the beginning of a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def file_name(*parts: object) -> str:
    """A name any system takes, from parts that may hold slashes and spaces (`9791/01`)."""
    joined = "-".join(str(part) for part in parts)
    return re.sub(r"[^A-Za-z0-9]+", "-", joined).strip("-").lower()
