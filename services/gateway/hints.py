"""Which hints a browser has been told to show no more: a cookie keeps their names."""

import re

from flask import Request
from werkzeug.wrappers import Response

from services.gateway import cookies

NAME = re.compile(r"[a-z]{1,20}")
BETWEEN = "."
MOST = 30


def hints_read(asked: Request) -> set[str]:
    return {name for name in cookies.read(asked, cookies.HINTS).split(BETWEEN) if name}


def keep_read(asked: Request, response: Response, name: str) -> None:
    """Add `name` to them; what is no name, or one too many, changes nothing."""
    read = hints_read(asked)
    if NAME.fullmatch(name) and len(read) < MOST:
        value = BETWEEN.join(sorted(read | {name}))
        cookies.give(response, cookies.HINTS, value, cookies.A_YEAR)
