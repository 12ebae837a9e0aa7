"""How the name of an uploaded file is kept: a name alone never refuses a file."""

import unicodedata
from dataclasses import dataclass, field

LONGEST = 255
LONGEST_EXTENSION = 20
NAMELESS = "file"
LONGEST_FOLDER = 120

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


@dataclass
class Names:
    """Names in folders, each given once: file systems mostly do not tell `A` from `a`."""

    taken: set[str] = field(default_factory=set)

    def free(self, folder: str, name: str) -> str:
        """The path of `name` in `folder`, numbered where it is taken."""
        stem, dot, extension = name.rpartition(".")
        if not stem:
            stem, dot, extension = name, "", ""
        path, number = f"{folder}/{name}", 1
        while path.casefold() in self.taken:
            number += 1
            path = f"{folder}/{stem} ({number}){dot}{extension}"
        self.taken.add(path.casefold())
        return path


def folder_of(centre_no: str, title: str) -> str:
    """What the folder of a sheet is called: its centre and its paper."""
    shown = "".join(one if one.isalnum() or one in "()-. " else "-" for one in title)
    return f"{centre_no} {shown[:LONGEST_FOLDER]}".strip(" .")
