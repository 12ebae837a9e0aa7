"""Reading what a page is asked for: a part of a list, the fields of a form."""

from flask import request

from shared.csv_lines import split
from shared.ids import CENTRE_NO

ROWS = 20
LONGEST_SEARCH = 100
LONGEST_MANY = 10_000


def which_page() -> dict[str, str]:
    """The part of a list that the address names, as the services take it."""
    return {
        "rows": str(ROWS),
        "page": page_number(),
        "search": request.args.get("search", "")[:LONGEST_SEARCH],
    }


def page_number(name: str = "page") -> str:
    """The page that the address names: of its list, or of the one of that name."""
    number = request.args.get(name, "1")
    return number if number.isdecimal() else "1"


def plain(field: str, longest: int) -> str:
    """What was typed into a field of the form, its lines ended as everywhere else."""
    return lines(field).strip()[:longest]


def lines(field: str) -> str:
    """All of it: the browser counts the end of a line as one character, and sends two."""
    return request.form.get(field, "").replace("\r\n", "\n")


def is_centre_no(typed: str) -> bool:
    return bool(CENTRE_NO.fullmatch(typed))


def many(field: str) -> list[str]:
    """What somebody typed with commas or on lines of their own; quoted where it has a comma."""
    return split(request.form.get(field, "")[:LONGEST_MANY])
