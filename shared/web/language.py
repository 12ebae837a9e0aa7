"""The language of an answer: `?lang`, then `Accept-Language`, then the account's."""

from flask import Request

from shared.i18n import DEFAULT_LANGUAGE, LANGUAGES, set_language


def choose_language(request: Request, account: str = DEFAULT_LANGUAGE) -> None:
    asked = request.args.get("lang", "")
    if asked not in LANGUAGES:
        asked = request.accept_languages.best_match(LANGUAGES) or account
    set_language(asked)
