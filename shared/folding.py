"""The folded form of names, which they are searched and sorted by on every database."""

import unicodedata

# Signs that people type for an apostrophe, as the letters of a name.
APOSTROPHES = str.maketrans(
    dict.fromkeys("\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}", "'")
    | dict.fromkeys("\N{MODIFIER LETTER APOSTROPHE}\N{GRAVE ACCENT}", "'")
)
# Letters whose stroke or ligature Unicode does not treat as an accent, and other hyphens.
_PLAIN = APOSTROPHES | str.maketrans(
    dict.fromkeys("\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{EN DASH}", "-")
    | {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th"}
    | {"\N{LATIN SMALL LETTER DOTLESS I}": "i"}
)


def folded(*names: str) -> str:
    """Names without case and accents, with plain apostrophes, hyphens and single spaces.

    Both the stored name and what is searched for go through this, so `wyn` finds `O'Neill-Ŵyn`.
    """
    lower = unicodedata.normalize("NFKD", " ".join(names)).casefold()
    letters = unicodedata.normalize("NFKD", lower)
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(bare.translate(_PLAIN).split())
