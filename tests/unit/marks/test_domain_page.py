"""The rules of the domain page, "The marksheet" and "Submission", each under its own words."""

from datetime import UTC, datetime
from typing import Any

import pytest

from services.marks.domain.marking import Mark
from shared import clock
from shared.folding import folded
from tests.support.service import BOARD, ServiceUnderTest
from tests.unit.marks.builders import OUTCOMES, make_paper, make_sheet
from tests.unit.marks.entry_files import load, row
from tests.unit.marks.mark_files import as_csv, send
from tests.unit.marks.sheets import ADMIN, DECLARED, line_of, put, read, sheet_path, submit

Body = dict[str, Any]
PAPERS: dict[str, Body] = {
    "marks": {},
    "linear": {"linear": True},
    "outcomes": {"tasks": None, "outcomes": OUTCOMES},
    "initials": {"initials_required": True},
}
BLANK = [None, None]
LATE = {
    "candidate_no": "0009",
    "surname": "Late",
    "forenames": "Siân",
    "dob": "2015-03-29",
    "reason": "Moved here in April",
}

STORED = [
    ("the total is computed", "marks", {"tasks": [15, 20]}, {"total": 35, "complete": True}),
    ("zero is a mark", "marks", {"tasks": [0, 0]}, {"total": 0, "code": None, "complete": True}),
    ("the highest mark is one", "marks", {"tasks": [40, 40]}, {"total": 80}),
    ("a → A", "marks", {"code": "a"}, {"code": "A", "complete": True}),
    ("a code stands for the whole candidate", "marks", {"code": "A"}, {"tasks": BLANK}),
    ("A → A", "marks", {"code": "A"}, {"code": "A", "complete": True}),
    ("c → CF on linear papers", "linear", {"code": "c"}, {"code": "CF", "complete": True}),
    ("C → CF on linear papers", "linear", {"code": "C"}, {"code": "CF", "complete": True}),
    ("CF → CF on linear papers", "linear", {"code": "CF"}, {"code": "CF", "complete": True}),
    ("cf → CF on linear papers", "linear", {"code": "cf"}, {"code": "CF", "tasks": BLANK}),
    ("an outcome completes", "outcomes", {"outcome": "merit"}, {"outcome": "Merit"}),
    ("one task is not all", "marks", {"tasks": [1, None]}, {"total": None, "complete": False}),
    ("initials where required", "initials", {"tasks": [1, 1]}, {"complete": False}),
    ("a code needs no initials", "initials", {"code": "A"}, {"complete": True}),
    (
        "initials once typed complete the mark",
        "initials",
        {"tasks": [1, 1], "initials": "ab"},
        {"initials": "AB", "complete": True},
    ),
]
REFUSED = [
    ("above the maximum", "marks", {"tasks": [41, 1]}),
    ("negative", "marks", {"tasks": [-1, 1]}),
    ("fractional", "marks", {"tasks": [1.5, 1]}),
    ("not a number", "marks", {"tasks": ["x", 1]}),
    ("CF is refused elsewhere", "marks", {"code": "CF"}),
    ("and so is c", "marks", {"code": "c"}),
    ("an outcome of no such name", "outcomes", {"outcome": "Great"}),
    ("a mark on a paper of outcomes", "outcomes", {"tasks": [1]}),
]
# Candidates of the sheet that the options are tried on: surname, and mark.
LISTED = [("0001", "Zola", (2, None)), ("0002", "Wŷn", (30, 1)), ("0003", "Abel", (30, 9))]
OPTIONS = [
    ("search by surname", {"search": "abe"}, ["0003"]),
    ("search without case and accents", {"search": "WYN"}, ["0002"]),
    ("rows per page", {"rows": 2}, ["0001", "0002"]),
    ("the page after", {"rows": 2, "page": 2}, ["0003"]),
    ("all rows", {"rows": "all"}, ["0001", "0002", "0003"]),
    ("sort by candidate number", {"sort": "candidate_no"}, ["0001", "0002", "0003"]),
    ("sort by name", {"sort": "name"}, ["0003", "0002", "0001"]),
    ("sort by mark", {"sort": "mark"}, ["0003", "0002", "0001"]),
    ("show all", {"show": "all"}, ["0001", "0002", "0003"]),
    ("show the unmarked", {"show": "unmarked"}, ["0001"]),
    ("show the marked", {"show": "marked"}, ["0002", "0003"]),
    ("show the samples", {"show": "samples"}, ["0002"]),
]


def make(marks: ServiceUnderTest, paper: str, **candidate: Any) -> str:
    made = make_paper(marks, **PAPERS[paper])
    make_sheet(marks, made, "0001", **candidate)
    return made


@pytest.mark.parametrize(
    ("paper", "body", "wanted"), [case[1:] for case in STORED], ids=[case[0] for case in STORED]
)
def test_what_is_typed_is_kept_as(
    marks: ServiceUnderTest, paper: str, body: Body, wanted: Body
) -> None:
    made = make(marks, paper)
    assert put(marks, made, "0001", body).status_code == 200
    line = line_of(marks, made, "0001")
    assert line | wanted == line


@pytest.mark.parametrize(
    ("paper", "body"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED]
)
def test_is_refused_with_a_message_and_nothing_is_stored(
    marks: ServiceUnderTest, paper: str, body: Body
) -> None:
    made = make(marks, paper)
    before = line_of(marks, made, "0001")
    refused = put(marks, made, "0001", body)
    assert (refused.status_code, bool(refused.json and refused.json["detail"])) == (422, True)
    assert line_of(marks, made, "0001") == before


@pytest.mark.parametrize(
    ("options", "wanted"), [case[1:] for case in OPTIONS], ids=[case[0] for case in OPTIONS]
)
def test_the_options_show(marks: ServiceUnderTest, options: Body, wanted: list[str]) -> None:
    paper = make_paper(marks)
    for number, surname, tasks in LISTED:
        who: Body = {"surname": surname, "surname_key": folded(surname)}
        who["sample_chosen_by"] = "system" if number == "0002" else None
        make_sheet(marks, paper, number, mark=Mark(tasks=tasks), **who)
    listed = read(marks, paper, **options)["candidates"]
    assert [line["candidate_no"] for line in listed] == wanted


@pytest.mark.parametrize(
    ("options", "wanted"),
    [({}, 20), ({"rows": 50}, 50), ({"rows": 100}, 100), ({"rows": "all"}, 120)],
    ids=["20 rows by default", "50 rows", "100 rows", "all of them"],
)
def test_a_page_has(marks: ServiceUnderTest, options: Body, wanted: int) -> None:
    paper = make_paper(marks)
    make_sheet(marks, paper, *(f"{number:04}" for number in range(1, 121)))
    assert len(read(marks, paper, **options)["candidates"]) == wanted


@pytest.mark.parametrize(
    ("paper", "wanted"),
    [
        ("marks", [("Task 1", 40), ("Task 2", 40)]),
        ("outcomes", []),
    ],
    ids=["a column per task with its maximum", "none where an outcome is given"],
)
def test_columns(marks: ServiceUnderTest, paper: str, wanted: list[tuple[str, int]]) -> None:
    made = make(marks, paper)
    sheet = read(marks, made)
    assert [(task["name"], task["max"]) for task in sheet["tasks"]] == wanted
    line = line_of(marks, made, "0001")
    assert (line["candidate_no"], line["name"]) == ("0001", "Surname0001 : Siân")


def test_submit_is_offered_only_when_every_candidate_is_complete(marks: ServiceUnderTest) -> None:
    paper = make(marks, "initials")
    make_sheet(marks, paper, "0002", mark=Mark(tasks=(1, None)))
    missing = submit(marks, paper).json["missing"]  # type: ignore[index]
    named = {one["candidate_no"]: one["what"] for one in missing}
    assert named == {
        "0001": ["Task 1", "Task 2", "Teacher initials"],
        "0002": ["Task 2", "Teacher initials"],
    }


def test_a_loaded_mark_still_needs_initials_and_the_submission(marks: ServiceUnderTest) -> None:
    paper = make(marks, "initials")
    file = as_csv({"candidate_no": "0001", "task_1": 1, "task_2": 2})
    assert send(marks, paper, file).status_code == 200
    line = line_of(marks, paper, "0001")
    assert (line["total"], line["complete"], line["locked"]) == (3, False, False)


@pytest.mark.parametrize("name", DECLARED["declarations"])
def test_the_centre_declares_each(marks: ServiceUnderTest, name: str) -> None:
    paper = make(marks, "marks", mark=Mark(tasks=(1, 1)))
    declared = {"declarations": DECLARED["declarations"] | {name: False}}
    assert submit(marks, paper, declared).status_code == 422


@pytest.mark.parametrize("body", [{"tasks": [2, 2]}, {"code": "A"}, {"clear": True}])
def test_a_submission_locks_every_mark(marks: ServiceUnderTest, body: Body) -> None:
    paper = make(marks, "marks", mark=Mark(tasks=(1, 1)))
    assert submit(marks, paper).status_code == 201
    assert put(marks, paper, "0001", body).status_code == 409
    assert line_of(marks, paper, "0001")["tasks"] == [1, 1]


RECORDED = [
    ("the receipt says who", "submitted_by", ADMIN.name),
    ("the receipt says how many", "candidates", 1),
    ("the receipt says it is the first", "kind", "first"),
    ("the receipt says when", "submitted_at", "2031-05-09T12:00:00+00:00"),
]


@pytest.mark.parametrize(
    ("field", "wanted"), [case[1:] for case in RECORDED], ids=[case[0] for case in RECORDED]
)
def test_a_submission_records(
    marks: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch, field: str, wanted: object
) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2031, 5, 9, 12, tzinfo=UTC))
    receipt = submit(marks, make(marks, "marks", mark=Mark(tasks=(1, 1)))).json
    assert receipt is not None
    assert receipt[field] == wanted


def test_a_submission_publishes_every_mark(marks: ServiceUnderTest) -> None:
    submit(marks, make(marks, "marks", mark=Mark(tasks=(1, 1))))
    (event,) = marks.emitted("marks.submitted.v1")
    assert [one["tasks"] for one in event.data["candidates"]] == [[1, 1]]


@pytest.mark.parametrize(
    ("decision", "wanted"),
    [("accepted", [2, 2]), ("rejected", [1, 1])],
    ids=["the amendment request is the way", "the board decides"],
)
def test_a_submitted_mark_is_altered_by(
    marks: ServiceUnderTest, decision: str, wanted: list[int]
) -> None:
    paper = make(marks, "marks", mark=Mark(tasks=(1, 1)))
    submit(marks, paper)
    asked = {"candidate_no": "0001", "tasks": [2, 2], "reason": "Added wrongly"}
    path = sheet_path(paper, "amendment-requests")
    request = marks.call("POST", path, ADMIN, json=asked).json
    assert request is not None
    decided = {"decision": decision, "comment": "Seen"}
    marks.call("PATCH", f"{path}/{request['id']}", BOARD, json=decided)
    assert line_of(marks, paper, "0001")["tasks"] == wanted


@pytest.mark.parametrize(
    ("decision", "wanted"),
    [("accepted", ["0001", "0009"]), ("rejected", ["0001"])],
    ids=["the board decides of an entry that a centre asks for", "and may reject it"],
)
def test_late_candidates(
    marks: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch, decision: str, wanted: list[str]
) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2031, 5, 9, 12, tzinfo=UTC))
    paper = make(marks, "marks")
    path = sheet_path(paper, "entry-requests")
    request = marks.call("POST", path, ADMIN, json=LATE).json
    assert request is not None
    # The 72 hours to allow are told.
    assert request["allow_until"] == "2031-05-12T12:00:00+00:00"
    decided = {"decision": decision, "comment": "Seen"}
    marks.call("PATCH", f"{path}/{request['id']}", BOARD, json=decided)
    assert [line["candidate_no"] for line in read(marks, paper)["candidates"]] == wanted


@pytest.mark.parametrize(
    ("action", "wanted"), [("A", ["0001", "0009"]), ("W", ["0001"])], ids=["added", "withdrawn"]
)
def test_a_late_candidate_appears_when_the_board_loads_their_entry(
    marks: ServiceUnderTest, action: str, wanted: list[str]
) -> None:
    paper = make(marks, "marks")
    make_sheet(marks, paper, *({"0009"} if action == "W" else ()))
    load(marks, row("0009", action=action))
    assert [one["candidate_no"] for one in read(marks, paper)["candidates"]] == wanted


def test_a_late_entry_opens_the_paper_for_that_candidate_only(marks: ServiceUnderTest) -> None:
    paper = make(marks, "marks", mark=Mark(tasks=(1, 1)))
    submit(marks, paper)
    make_sheet(marks, paper, "0002")
    assert read(marks, paper)["paper"]["state"] == "reopened"
    assert put(marks, paper, "0001", {"tasks": [2, 2]}).status_code == 409
    assert put(marks, paper, "0002", {"tasks": [2, 2]}).status_code == 200
    receipt = submit(marks, paper).json
    assert receipt is not None
    assert (receipt["kind"], receipt["candidates"]) == ("supplementary", 1)
