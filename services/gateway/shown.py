"""What is shown and cannot be used: for those who only look at a page.

Every form that would change something stays as it is drawn, with nothing in it to be typed or
pressed; those that only ask for another view of the page work.
"""

import re
from collections.abc import Mapping
from typing import Any

from jinja2 import pass_context
from markupsafe import Markup

OPENS = re.compile(r'(<form\b[^>]* method="post"[^>]*>)(.*?)(</form>)', re.DOTALL)
# What belongs to a form that it does not stand in.
APART = re.compile(r'(<(?:input|select|textarea|button)\b[^>]*) form="')


def unusable(page: str) -> str:
    """The page with every form of its own disabled."""
    apart = APART.sub(r'\1 disabled form="', page)
    return OPENS.sub(r'\1<fieldset class="shown" disabled>\2</fieldset>\3', apart)


@pass_context
def as_shown(context: Mapping[str, Any], page: str) -> Markup:
    """The main part of a page, as its reader may use it."""
    user = context["user"]
    drawn = unusable(page) if user and user.only_looks else page
    return Markup(drawn)  # noqa: S704 # it is the template's own output, escaped there
