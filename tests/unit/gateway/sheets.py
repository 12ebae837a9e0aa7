"""What the marks and sampling services say of a marksheet, for the pages."""

import re
from html import unescape
from typing import Any

from tests.support.gateway import FakeServices

MARKS = "/api/marks/centres/68101/papers/p1"
SHEET = f"{MARKS}/marksheet"
SAMPLE = "/api/sampling/centres/68101/papers/p1/sample"
PAGE = "/centres/68101/papers/p1/marksheet"
ODD = "O'NEILL-ŴYN <b> : SIÂN"
Json = dict[str, Any]

TWO_TASKS: Json = {
    "id": "p1",
    "linked": [],
    "full_title": "GCSE JUNE 2031 ORACY (3700U1)",
    "tasks": [{"name": "Task 1", "max": 40}, {"name": "Task 2", "max": 30}],
    "outcomes": None,
    "not_classified": "Not classified",
    "linear": False,
    "initials_required": True,
    "upload": "none",
    "state": "under_way",
    "candidates": 250,
    "done": 12,
    "left": 238,
    "submitted": 0,
}
ONE_TASK = TWO_TASKS | {"tasks": [{"name": "Work", "max": 120}], "initials_required": False}
BY_OUTCOME = TWO_TASKS | {
    "tasks": None,
    "outcomes": ["Distinction", "Pass"],
    "initials_required": False,
}
SUBMITTED = {"state": "submitted", "done": 250, "left": 0, "submitted": 250}
SAMPLED = {"state": "generated", "policy": "wjec-rank-order", "candidates": [], "notes": []}


TAG = re.compile(r"<[^>]+>")


def text_of(html: str) -> str:
    """What a reader sees of a part of a page."""
    return " ".join(unescape(TAG.sub(" ", html)).split())


def candidate(number: str = "1054", **changes: Any) -> Json:
    return {
        "candidate_no": number,
        "name": "SURNAME : FORENAME",
        "tasks": [None, None],
        "code": None,
        "outcome": None,
        "total": None,
        "effective_total": None,
        "initials": "",
        "complete": False,
        "version": 3,
        "locked": False,
        "sample": None,
        "clerical_error": None,
    } | changes


def marked(number: str = "1054", *tasks: int, **changes: Any) -> Json:
    done = {"tasks": list(tasks), "total": sum(tasks), "initials": "AB", "complete": True}
    return candidate(number, **(done | changes))


def lay_down(fake: FakeServices, paper: Json, *candidates: Json, total: int | None = None) -> None:
    """Make marks answer with this sheet, and with its paper."""
    sheet = {
        "paper": paper,
        "tasks": paper["tasks"] or [],
        "candidates": list(candidates),
        "total": len(candidates) if total is None else total,
        "sample_generated": False,
        "cursor": "7",
    }
    fake.says("GET", SHEET, sheet)
    fake.says("GET", MARKS, paper)
