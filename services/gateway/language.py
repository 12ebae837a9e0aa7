"""The language of a page: the cookie, then the account, then what the browser asks for."""

from flask import Request

from services.gateway import cookies
from shared.i18n import DEFAULT_LANGUAGE, LANGUAGES, set_language
from shared.web.language import accepted


def choose_page_language(asked: Request, account: str = "") -> None:
    chosen = (
        cookies.read(asked, cookies.LANGUAGE),
        account,
        accepted(asked) or DEFAULT_LANGUAGE,
    )
    set_language(next(code for code in chosen if code in LANGUAGES))
