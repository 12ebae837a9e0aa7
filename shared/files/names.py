"""How the name of a file that was sent is kept: a name alone never refuses a file."""

import unicodedata

LONGEST = 255
LONGEST_EXTENSION = 20
NAMELESS = "file"

# Control characters, lone surrogates, and what ends a line or a paragraph.
DROPPED_CATEGORIES = {"Cc", "Cs", "Zl", "Zp"}
# They reorder what a reader sees, so that a program can look like a picture (UAX #9).
BIDIRECTIONAL = frozenset(
    "\N{ARABIC LETTER MARK}"
    "\N{LEFT-TO-RIGHT MARK}\N{RIGHT-TO-LEFT MARK}"
    "\N{LEFT-TO-RIGHT EMBEDDING}\N{RIGHT-TO-LEFT EMBEDDING}\N{POP DIRECTIONAL FORMATTING}"
    "\N{LEFT-TO-RIGHT OVERRIDE}\N{RIGHT-TO-LEFT OVERRIDE}"
    "\N{LEFT-TO-RIGHT ISOLATE}\N{RIGHT-TO-LEFT ISOLATE}"
    "\N{FIRST STRONG ISOLATE}\N{POP DIRECTIONAL ISOLATE}"
)


def clean(given: str) -> str:
    """The base name of `given`: NFC, printable, at most 255 characters, never empty."""
    base = given.replace("\\", "/").rpartition("/")[2]
    shown = "".join(character for character in base if _is_kept(character))
    name = _cut(unicodedata.normalize("NFC", shown).strip())
    return name if name.strip(". ") else NAMELESS


def _is_kept(character: str) -> bool:
    return (
        unicodedata.category(character) not in DROPPED_CATEGORIES and character not in BIDIRECTIONAL
    )


def _cut(name: str) -> str:
    """Shorten the stem, so that the extension still tells what the file is."""
    if len(name) <= LONGEST:
        return name
    _stem, dot, extension = name.rpartition(".")
    if not dot or len(extension) > LONGEST_EXTENSION:
        return name[:LONGEST].strip()
    ending = dot + extension
    return name[: LONGEST - len(ending)] + ending
