"""A late entry that a centre asks for, read by the rules of the board's own files."""

from collections.abc import Mapping
from datetime import date

from services.marks.domain.entries import Action, Entry, field_readers
from services.marks.domain.json_values import read_object
from services.marks.domain.paper import Series
from services.marks.domain.requests import read_reason
from shared.findings import Findings, InvalidValueError

FIELDS = ("candidate_no", "uci", "surname", "forenames", "dob", "teaching_set")


def read_entry_request(body: object, today: date) -> tuple[dict[str, str], str]:
    """Whom to enter, as text, and why; UnprocessableError naming every field that is wrong."""
    given = read_object(body)
    findings = Findings()
    asked: dict[str, str] = {}
    for name, read in field_readers(today, FIELDS):
        value = given.get(name, "")
        try:
            asked[name] = str(read(value if isinstance(value, str) else "\0"))
        except InvalidValueError as invalid:
            findings.add(f"/{name}", str(invalid))
    reason = read_reason(given, findings, "reason")
    findings.refuse()
    return asked, reason


def as_entry(
    asked: Mapping[str, str], series: Series, qualification: str, centre_no: str, paper_code: str
) -> Entry:
    """The entry, as a line of the board's file would be."""
    return Entry(
        line=1,
        series=series,
        qualification=qualification,
        centre_no=centre_no,
        paper_code=paper_code,
        candidate_no=asked["candidate_no"],
        uci=asked["uci"],
        surname=asked["surname"],
        forenames=asked["forenames"],
        dob=date.fromisoformat(asked["dob"]),
        teaching_set=asked["teaching_set"],
        action=Action.ADD,
    )
