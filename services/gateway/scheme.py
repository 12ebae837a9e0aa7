"""Light or dark: as the device has it, unless one was chosen in this browser."""

from flask import Request

from services.gateway import cookies

SCHEMES = ("light", "dark")


def chosen_scheme(asked: Request) -> str:
    """The scheme of the pages; empty where the device says."""
    chosen = cookies.read(asked, cookies.SCHEME)
    return chosen if chosen in SCHEMES else ""
