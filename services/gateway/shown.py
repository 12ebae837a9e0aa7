"""What is shown and cannot be used: for those who only look at a page.

Every form that would change something stays as it is drawn, with nothing in it to be typed or
pressed; those that only ask for another view of the page work.
"""

import re
from collections.abc import Mapping
from typing import Any

from jinja2 import pass_context
from markupsafe import Markup

POSTED = re.compile(r'(<form\b[^>]*\smethod="post"[^>]*>)(.*?)(</form>)', re.DOTALL)
ID = re.compile(r'\sid="([^"]+)"')
# What belongs to a form that it does not stand in.
APART = re.compile(r'(<(?:input|select|textarea|button)\b[^>]*?)(\sform="([^"]+)")')


def unusable(page: str) -> str:
    """The page with every form of its own disabled that is posted."""
    ids = {found[1] for opened in POSTED.finditer(page) if (found := ID.search(opened[1]))}

    def apart(control: re.Match[str]) -> str:
        return f"{control[1]} disabled{control[2]}" if control[3] in ids else control[0]

    closed = POSTED.sub(r'\1<fieldset class="shown" disabled>\2</fieldset>\3', page)
    return APART.sub(apart, closed)


@pass_context
def as_shown(context: Mapping[str, Any], page: Markup) -> Markup:
    """The main part of a page, as its reader may use it."""
    user = context["user"]
    # As plain text: what is put together with parts of markup is escaped.
    drawn = unusable(str(page)) if user and user.only_looks else page
    return Markup(drawn)  # noqa: S704 # it is the template's own output, escaped there
