"""The language of an answer: `?lang`, then `Accept-Language`, then the account's."""

from flask import Request

from shared.i18n import DEFAULT_LANGUAGE, LANGUAGES, set_language


def choose_language(request: Request, account: str = DEFAULT_LANGUAGE) -> None:
    asked = request.args.get("lang", "")
    set_language(asked if asked in LANGUAGES else accepted(request) or account)


def accepted(request: Request) -> str:
    """What `Accept-Language` likes best of ours; empty where it names none.

    A region counts as its language: whoever likes `cy-GB` best is not given the English that
    stands after it.
    """
    liked = (
        tag.replace("_", "-").partition("-")[0].lower()
        for tag, quality in request.accept_languages
        if quality > 0
    )
    return next((code for code in liked if code in LANGUAGES), "")
