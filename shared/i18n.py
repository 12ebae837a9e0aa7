"""Translation of every word a user sees: English in the code, other languages in catalogues.

The language is a context variable set by the web frame (or by whoever sends a mail), so that
domain code can say `_("...")` without knowing of requests.
"""

import functools
import gettext as gnu_gettext
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from pathlib import Path

LANGUAGES = ("en", "cy")
DEFAULT_LANGUAGE = "en"
CATALOGUES = Path(__file__).parent / "translations"

_language: ContextVar[str] = ContextVar("language", default=DEFAULT_LANGUAGE)


def language() -> str:
    """The language of what is being answered now: `en` or `cy`."""
    return _language.get()


def set_language(code: str) -> None:
    _language.set(code if code in LANGUAGES else DEFAULT_LANGUAGE)


@contextmanager
def in_language(code: str) -> Iterator[None]:
    token = _language.set(code if code in LANGUAGES else DEFAULT_LANGUAGE)
    try:
        yield
    finally:
        _language.reset(token)


@functools.cache
def catalogue(code: str) -> gnu_gettext.NullTranslations:
    return gnu_gettext.translation("messages", CATALOGUES, [code], fallback=True)


def gettext(message: str, /, **values: object) -> str:
    """Translate `message`; `%(name)s` places are filled from `values`."""
    translated = catalogue(language()).gettext(message)
    return translated % values if values else translated


def ngettext(singular: str, plural: str, number: int, /, **values: object) -> str:
    """Translate by number; `%(num)s` is always filled with `number`."""
    translated = catalogue(language()).ngettext(singular, plural, number)
    return translated % {"num": number, **values}


def N_(message: str) -> str:  # noqa: N802 - the name by which it is found in the code
    """Mark a message of a table, to be translated where it is shown: `_(TABLE[name])`."""
    return message


def format_date(day: date) -> str:
    """The day in figures, as English and Welsh in Britain both write it: 31/12/2015."""
    return f"{day:%d/%m/%Y}"


_ = gettext
