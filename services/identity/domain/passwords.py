"""What a password must be (NIST SP 800-63B: length counts, composition does not)."""

import unicodedata
from collections.abc import Iterable

from shared.i18n import gettext as _

SHORTEST = 12
LONGEST = 256
LEAST_OF_ONES_OWN = 8


def normalise(password: str) -> str:
    """The same text however a keyboard composed it (NFKC), as it is hashed."""
    return unicodedata.normalize("NFKC", password)


def fault(password: str, about: Iterable[str]) -> str:
    """What is wrong with a new password, or nothing.

    `about` is what anyone knows of its owner (names, email): besides those it needs eight
    characters of its own.
    """
    if not SHORTEST <= len(normalise(password)) <= LONGEST:
        return _(
            "Choose a password of %(shortest)s to %(longest)s characters.",
            shortest=SHORTEST,
            longest=LONGEST,
        )
    if len(_without(_letters(password), about)) < LEAST_OF_ONES_OWN:
        return _("Choose a password that is not made of your name or email address.")
    return ""


def _letters(text: str) -> str:
    """What is left of a text without case, accents' composition, blanks and punctuation."""
    return "".join(c for c in normalise(text).casefold() if c.isalnum())


def _without(text: str, about: Iterable[str]) -> str:
    for known in sorted(filter(None, map(_letters, about)), key=len, reverse=True):
        text = text.replace(known, "")
    return text


def known_of(first_name: str, last_name: str, email: str) -> list[str]:
    """What a password must not be made of."""
    return [first_name, last_name, email, *email.split("@")]
