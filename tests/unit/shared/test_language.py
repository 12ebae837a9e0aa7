"""Which language an answer is in, and what translating makes of a message."""

import gettext as gnu_gettext
from datetime import date

import pytest
from flask import Flask, request

from shared import i18n
from shared.web.language import choose_language


@pytest.mark.parametrize(
    ("query", "header", "account", "language"),
    [
        ("", "", "en", "en"),
        ("", "", "cy", "cy"),
        ("", "cy", "en", "cy"),
        ("", "en-GB,cy;q=0.5", "cy", "en"),
        ("", "fr, cy;q=0.2", "en", "cy"),
        ("", "fr", "cy", "cy"),
        ("", "cy-GB,en;q=0.8", "en", "cy"),
        ("", "CY", "en", "cy"),
        ("", "cy;q=0,fr", "en", "en"),
        ("", "en;q=0.3,cy;q=0.4", "en", "cy"),
        ("?lang=cy", "en", "en", "cy"),
        ("?lang=en", "cy", "cy", "en"),
        ("?lang=fr", "cy", "en", "cy"),
        ("?lang=", "", "cy", "cy"),
    ],
)
def test_query_then_header_then_account(
    query: str, header: str, account: str, language: str
) -> None:
    headers = {"Accept-Language": header} if header else {}
    with Flask(__name__).test_request_context(f"/{query}", headers=headers):
        choose_language(request, account)
        assert i18n.language() == language
    i18n.set_language("en")


def test_an_unknown_language_is_english() -> None:
    with i18n.in_language("cy"):
        with i18n.in_language("tlh"):
            assert i18n.language() == "en"
        assert i18n.language() == "cy"
    assert i18n.language() == "en"


class Echo(gnu_gettext.NullTranslations):
    """A catalogue that shows which message was asked for."""

    def gettext(self, message: str) -> str:
        return f"[{message}]"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"[{msgid1 if n == 1 else msgid2}]"


def test_places_are_filled_after_translation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n, "catalogue", lambda _code: Echo())
    assert i18n.gettext("%(count)s papers", count=3) == "[3 papers]"
    assert i18n.ngettext("%(num)s paper", "%(num)s papers", 1) == "[1 paper]"
    assert i18n.ngettext("%(num)s of %(all)s", "%(num)s from %(all)s", 2, all=5) == "[2 from 5]"
    assert i18n.gettext("100 % is a message as it stands") == "[100 % is a message as it stands]"


def test_a_message_without_translation_stays_english() -> None:
    with i18n.in_language("cy"):
        assert i18n.gettext("No catalogue has this.") == "No catalogue has this."


def test_days_are_written_as_in_britain() -> None:
    assert i18n.format_date(date(2031, 5, 9)) == "09/05/2031"
