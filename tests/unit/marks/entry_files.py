"""Entries files in the tests, and what an import has left."""

from collections.abc import Iterable
from typing import Any

from services.marks.domain.entries import COLUMNS
from services.marks.models import Candidate, Sheet
from tests.support.service import BOARD, ServiceUnderTest, rows_of
from tests.unit.marks.builders import (
    CENTRE,
)

NOTHING = {"added": 0, "changed": 0, "withdrawn": 0, "unchanged": 0}
ROW = {
    "series": "JUNE 2031",
    "qualification": "GCSE",
    "centre_no": CENTRE,
    "paper_code": "3700U1",
    "candidate_no": "0001",
    "uci": "12345678901AB",
    "surname": "O'Neill-Ŵyn",
    "forenames": "Siân",
    "dob": "2015-03-29",
    "teaching_set": "10A",
    "action": "A",
}


def row(number: int | str, **changes: str) -> str:
    return ",".join((ROW | {"candidate_no": f"{number:0>4}"} | changes)[name] for name in COLUMNS)


def file(*rows: str) -> bytes:
    return "\r\n".join([",".join(COLUMNS), *rows, ""]).encode()


def entered(numbers: Iterable[int], **changes: str) -> bytes:
    return file(*(row(number, **changes) for number in numbers))


def send(marks: ServiceUnderTest, content: bytes, query: str = "", **options: Any) -> Any:
    options.setdefault("content_type", "text/csv; charset=utf-8")
    path = f"/api/marks/imports/entries{query}"
    return marks.call("POST", path, BOARD, data=content, **options)


def load(marks: ServiceUnderTest, *rows: str, query: str = "") -> dict[str, int]:
    """The counts that are not 0 of a file that is good."""
    answer = send(marks, file(*rows), query)
    assert answer.status_code == 200, answer.text
    return {name: count for name, count in answer.json.items() if count}


def candidates(marks: ServiceUnderTest) -> list[Candidate]:
    with marks.transaction() as session:
        found = rows_of(session, Candidate)
        session.expunge_all()
    return sorted(found, key=lambda candidate: (candidate.candidate_no, candidate.centre_no))


def one(marks: ServiceUnderTest) -> Candidate:
    (candidate,) = candidates(marks)
    return candidate


def cursors(marks: ServiceUnderTest) -> dict[str, int]:
    with marks.transaction() as session:
        return {sheet.centre_no: sheet.cursor for sheet in rows_of(session, Sheet)}


def changes(marks: ServiceUnderTest) -> list[list[tuple[str, str]]]:
    """Of each event, who changed how."""
    return [
        [(candidate["candidate_no"], candidate["change"]) for candidate in event.data["candidates"]]
        for event in marks.emitted("entries.changed.v1")
    ]
