"""Text as people write it: names, initials, reasons."""

import re
import unicodedata

from shared.findings import InvalidValueError
from shared.folding import APOSTROPHES
from shared.i18n import gettext as _

LONGEST_NAME = 255
LONGEST_INITIALS = 6

# Controls, line separators and bidirectional overrides change how other text is shown;
# surrogates are what is left of bytes that were not UTF-8; U+FFFE and U+FFFF are no characters, and
# a workbook with one of them opens nowhere.
_UNPRINTABLE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_VISIBLE = re.compile(r"[^\s\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")
_LINE_ENDS = re.compile(r"[\t\n\r]")


def tidy(text: str) -> str:
    """Text as it is kept: trimmed and in NFC."""
    return unicodedata.normalize("NFC", text).strip()


def read_text(text: str, *, longest: int, lines: bool = False) -> str:
    """Tidy text, possibly empty, or InvalidValueError.

    With `lines`, tabs and line ends are allowed inside.
    """
    clean = tidy(text)
    if _UNPRINTABLE.search(_LINE_ENDS.sub(" ", clean) if lines else clean):
        raise InvalidValueError(_("Must be printable text in UTF-8."))
    if len(clean) > longest:
        raise InvalidValueError(_("Must be at most %(longest)s characters.", longest=longest))
    return clean


def read_required(text: str, *, longest: int, lines: bool = False) -> str:
    """As `read_text`, but something must be visible."""
    clean = read_text(text, longest=longest, lines=lines)
    if not _VISIBLE.search(clean):
        raise InvalidValueError(_("Must not be blank."))
    return clean


def read_initials(text: str) -> str:
    """A teacher's initials as kept: `a.b.` becomes `AB`; empty stays empty.

    One teacher is one spelling, so that sampling can tell teachers apart: upper case, without
    full stops and spaces. Letters of any language, apostrophes and hyphens are allowed.
    """
    plain = unicodedata.normalize("NFC", text).translate(APOSTROPHES)
    initials = unicodedata.normalize("NFC", re.sub(r"[\s.]", "", plain).upper())
    if not initials:
        return ""
    letters = initials.replace("'", "").replace("-", "")
    if not (letters.isalpha() and initials[0].isalpha()):
        raise InvalidValueError(_("Teacher initials must be letters."))
    if len(initials) > LONGEST_INITIALS:
        raise InvalidValueError(
            _("Teacher initials must be at most %(longest)s characters.", longest=LONGEST_INITIALS)
        )
    return initials


def initials_of(name: str) -> str:
    """The initials that somebody of this name is likely to use: `Siân Wyn Lloyd` is `SWL`."""
    return "".join(word[0] for word in tidy(name).upper().split() if word[0].isalpha())


def display_name(surname: str, forenames: str) -> str:
    """A candidate's name as every screen and report shows it: `SURNAME : FORENAME`."""
    return f"{surname} : {forenames}"
