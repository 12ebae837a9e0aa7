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


def by_field(answer: Answer | None) -> dict[str, str]:
    """What is wrong with each field; of somebody who has an account, with the address."""
    errors = {} if answer is None else answer.errors
    found = {pointer.strip("/").partition("/")[0]: said for pointer, said in errors.items()}
    if answer is not None and str(answer.body.get("type", "")).endswith(":email-taken"):
        found["email"] = answer.detail
    return found


def try_again(seconds: int) -> str:
    if seconds < MINUTE:
        return ngettext("Try again in %(num)s second.", "Try again in %(num)s seconds.", seconds)
    minutes = -(-seconds // MINUTE)
    return ngettext("Try again in %(num)s minute.", "Try again in %(num)s minutes.", minutes)
