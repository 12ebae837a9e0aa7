"""Saying why a service refused a form."""

from http import HTTPStatus

from services.gateway.calls import Answer
from shared.i18n import gettext as _
from shared.i18n import ngettext

MINUTE = 60


def why(answer: Answer) -> str:
    """The reason in the reader's words, and after too many tries when to try again."""
    detail = answer.detail or _("This is not available now. Please try again in a moment.")
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS and answer.retry_after.isdigit():
        return f"{detail} {try_again(int(answer.retry_after))}"
    return detail


def try_again(seconds: int) -> str:
    if seconds < MINUTE:
        return ngettext("Try again in %(num)s second.", "Try again in %(num)s seconds.", seconds)
    minutes = -(-seconds // MINUTE)
    return ngettext("Try again in %(num)s minute.", "Try again in %(num)s minutes.", minutes)
