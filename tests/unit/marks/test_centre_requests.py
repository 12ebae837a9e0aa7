"""Later deadlines and late entries: the centre asks, the board decides; and who was withdrawn."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.marks.domain.marking import Mark
from shared import clock
from tests.support.service import BOARD, MODERATOR, ServiceUnderTest, admin_of, teacher_of
from tests.unit.marks import entry_files
from tests.unit.marks.builders import CENTRE, OTHER_CENTRE, make_paper, make_sheet, make_submission
from tests.unit.marks.mark_files import as_csv, send
from tests.unit.marks.sheets import (
    ADMIN,
    at_once,
    get,
    history,
    line_of,
    pointers,
    put,
    read,
    sheet_path,
    submit,
)

PASSED = {"marks_deadline": date(2031, 5, 10), "after_deadline": "closed"}
ALREADY = "urn:iamis:problem:entered-already"
DASH = "\N{EN DASH}"
ENTRY = {
    "candidate_no": "0009",
    "surname": "O'Neill-Ŵyn",
    "forenames": "Siân",
    "dob": "2015-03-29",
    "reason": "Moved here in April",
}


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2031, 5, 12, 12, tzinfo=UTC))


@pytest.fixture
def paper(marks: ServiceUnderTest) -> str:
    paper = make_paper(marks, **PASSED)
    make_sheet(marks, paper, "0001", mark=Mark(tasks=(15, 20)))
    return paper


def ask(marks: ServiceUnderTest, paper: str, kind: str, who: Any = ADMIN, **body: object) -> Any:
    return marks.call("POST", sheet_path(paper, f"{kind}-requests"), who, json=body)


def decide(marks: ServiceUnderTest, paper: str, request: Any, decision: str = "accepted") -> Any:
    path = sheet_path(paper, f"{request['kind']}-requests/{request['id']}")
    return marks.call("PATCH", path, BOARD, json={"decision": decision, "comment": "Seen"})


def extend(marks: ServiceUnderTest, paper: str, until: str = "2031-05-20") -> Any:
    answer = ask(marks, paper, "extension", until=until, reason="Flood")
    assert answer.status_code == 201, answer.text
    return answer.json


def test_a_closed_paper_takes_no_marks_after_its_deadline(
    marks: ServiceUnderTest, paper: str
) -> None:
    told = read(marks, paper)["paper"]
    assert (told["deadline_passed"], told["closed"]) == (True, True)
    assert put(marks, paper, "0001", {"tasks": [1, 1]}).status_code == 409
    file = as_csv({"candidate_no": "0001", "task_1": 1, "task_2": 1})
    for query in ({}, {"dry_run": "true"}):
        assert send(marks, paper, file, **query).status_code == 409
    as_it_is = as_csv({"candidate_no": "0001", "task_1": 15, "task_2": 20})
    assert send(marks, paper, as_it_is, dry_run="true").status_code == 200
    assert submit(marks, paper).status_code == 409
    assert line_of(marks, paper, "0001")["tasks"] == [15, 20]


def test_another_paper_only_warns(marks: ServiceUnderTest) -> None:
    paper = make_paper(marks, marks_deadline=date(2031, 5, 10))
    make_sheet(marks, paper, "0001")
    told = read(marks, paper)["paper"]
    assert (told["deadline_passed"], told["closed"]) == (True, False)
    assert put(marks, paper, "0001", {"tasks": [1, 1]}).status_code == 200
    assert submit(marks, paper).status_code == 201


def test_an_accepted_extension_opens_the_paper_for_the_centre(
    marks: ServiceUnderTest, paper: str
) -> None:
    make_sheet(marks, paper, "0001", centre_no=OTHER_CENTRE)
    request = extend(marks, paper)
    assert request["from"] == {"marks_deadline": "2031-05-10"}
    assert put(marks, paper, "0001", {"tasks": [1, 1]}).status_code == 409
    assert decide(marks, paper, request).json["state"] == "accepted"
    told = read(marks, paper)["paper"]
    assert (told["marks_deadline"], told["extended"], told["closed"]) == ("2031-05-20", True, False)
    assert put(marks, paper, "0001", {"tasks": [1, 1]}).status_code == 200
    listed = get(marks, f"/api/marks/centres/{OTHER_CENTRE}/papers", admin_of(OTHER_CENTRE))
    assert [one["closed"] for one in listed["papers"]] == [True]
    keys = [event.key for event in marks.emitted()]
    assert keys == ["extension.requested.v1", "extension.decided.v1"]


def test_a_rejected_extension_changes_nothing(marks: ServiceUnderTest, paper: str) -> None:
    decide(marks, paper, extend(marks, paper), "rejected")
    assert read(marks, paper)["paper"]["closed"] is True


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"until": "2031-05-12", "reason": "Flood"}, "/until"),
        ({"until": "soon", "reason": "Flood"}, "/until"),
        ({"until": "2031-05-20", "reason": ""}, "/reason"),
    ],
)
def test_no_extension(
    marks: ServiceUnderTest, paper: str, body: dict[str, object], pointer: str
) -> None:
    answer = ask(marks, paper, "extension", **body)
    assert (answer.status_code, pointers(answer)) == (422, [pointer])


def test_an_accepted_entry_is_on_the_marksheet(marks: ServiceUnderTest, paper: str) -> None:
    answer = ask(marks, paper, "entry", **ENTRY)
    assert answer.status_code == 201
    request = answer.json
    assert request["allow_until"] == "2031-05-15T12:00:00+00:00"
    assert ask(marks, paper, "entry", **ENTRY).status_code == 409
    assert get(marks, "/api/marks/entry-requests", BOARD)["requests"] == [request]
    assert read(marks, paper)["total"] == 1
    assert decide(marks, paper, request).status_code == 200
    assert line_of(marks, paper, "0009")["name"] == "O'Neill-Ŵyn : Siân"
    (event,) = marks.emitted("entries.changed.v1")
    assert event.data["candidates"][0]["change"] == "added"
    (asked,), (decided,) = marks.emitted("entry.requested.v1"), marks.emitted("entry.decided.v1")
    assert (asked.data["candidate_no"], decided.data["decision"]) == ("0009", "accepted")
    assert decided.data["requested_by"] == asked.data["requested_by"] == ADMIN.user_id
    assert "surname" not in asked.data | decided.data
    assert ask(marks, paper, "entry", **ENTRY).status_code == 409


def test_an_entry_there_by_now_stays_as_it_is(marks: ServiceUnderTest, paper: str) -> None:
    request = ask(marks, paper, "entry", **ENTRY).json
    entry_files.load(marks, entry_files.row(9))
    refused = decide(marks, paper, request)
    assert (refused.status_code, refused.json["type"]) == (409, ALREADY)
    assert "0009 is entered by now" in refused.json["detail"]
    entered = entry_files.candidates(marks)[-1]
    assert (entered.uci, entered.teaching_set) == ("12345678901AB", "10A")
    assert marks.emitted("entry.decided.v1") == []
    assert decide(marks, paper, request, "rejected").json["state"] == "rejected"


def test_the_same_entry_there_by_now_is_accepted(marks: ServiceUnderTest, paper: str) -> None:
    request = ask(marks, paper, "entry", **ENTRY).json
    entry_files.load(marks, entry_files.row(9, uci="", teaching_set=""))
    assert decide(marks, paper, request).json["state"] == "accepted"
    assert len(marks.emitted("entries.changed.v1")) == 1


def test_of_many_entries_at_once_one_is_asked(marks: ServiceUnderTest, paper: str) -> None:
    answers = at_once(4, lambda _number: ask(marks, paper, "entry", **ENTRY))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]


def test_a_decision_is_told_once_its_sheet_is_locked(marks: ServiceUnderTest, paper: str) -> None:
    """Whoever submits locks it first too, and so neither waits for the other for ever."""
    decide(marks, paper, ask(marks, paper, "entry", **ENTRY).json)
    keys = [event.key for event in marks.emitted()]
    assert keys == ["entry.requested.v1", "entries.changed.v1", "entry.decided.v1"]


def test_those_that_wait_are_listed_oldest_first(marks: ServiceUnderTest, paper: str) -> None:
    asked = [
        ask(marks, paper, "entry", **ENTRY | {"candidate_no": f"{number:04}"}).json
        for number in range(1001, 1102)
    ]
    path = "/api/marks/entry-requests"
    assert get(marks, path, BOARD, state="requested")["requests"] == asked[:100]
    last = get(marks, path, BOARD, state="requested", page=2)
    assert last == {"requests": asked[100:], "total": 101, "page": 2, "rows": 100}
    assert get(marks, path, BOARD)["requests"] == asked[:0:-1]


def test_a_centre_without_entries_asks_for_its_first(marks: ServiceUnderTest) -> None:
    paper = make_paper(marks)
    request = ask(marks, paper, "entry", **ENTRY).json
    decide(marks, paper, request)
    assert read(marks, paper)["total"] == 1


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"candidate_no": "9"}, "/candidate_no"),
        ({"surname": " "}, "/surname"),
        ({"dob": "29/03/2015"}, "/dob"),
        ({"dob": "2032-01-01"}, "/dob"),
        ({"uci": "short"}, "/uci"),
        ({"forenames": 5}, "/forenames"),
        ({"reason": None}, "/reason"),
    ],
)
def test_no_entry(
    marks: ServiceUnderTest, paper: str, changes: dict[str, object], pointer: str
) -> None:
    answer = ask(marks, paper, "entry", **(ENTRY | changes))
    assert (answer.status_code, pointers(answer)) == (422, [pointer])


@pytest.mark.parametrize(
    ("who", "status"),
    [(teacher_of(CENTRE), 403), (admin_of(OTHER_CENTRE), 404), (BOARD, 403), (MODERATOR, 404)],
)
def test_entries_are_asked_for_by_the_exams_officer(
    marks: ServiceUnderTest, paper: str, who: Any, status: int
) -> None:
    assert ask(marks, paper, "entry", who, **ENTRY).status_code == status


def test_an_unknown_paper_is_not_there(marks: ServiceUnderTest) -> None:
    assert ask(marks, "nothing", "entry", **ENTRY).status_code == 404


def test_who_was_withdrawn_is_told_and_who_was_sampled_stays(marks: ServiceUnderTest) -> None:
    paper = make_paper(marks)
    make_sheet(marks, paper, "0001", "0002", "0003", mark=Mark(tasks=(1, 1)))
    make_submission(marks, paper)
    withdrawn: dict[str, Any] = {"withdrawn": True, "submission": 1, "changed": 5}
    make_sheet(marks, paper, "0004", **withdrawn)
    make_sheet(marks, paper, "0005", sample_chosen_by="system", sample_reason="top", **withdrawn)
    sheet = read(marks, paper, changed_since=4)
    assert sheet["withdrawn"] == ["0004", "0005"]
    assert [(one["candidate_no"], one["withdrawn"]) for one in sheet["candidates"]] == [
        ("0005", True)
    ]
    assert read(marks, paper)["withdrawn"] == []
    assert read(marks, paper)["paper"]["candidates"] == 3


def test_a_history_is_taken_home_as_csv(marks: ServiceUnderTest) -> None:
    paper = make_paper(marks)
    make_sheet(marks, paper, "0001")
    put(marks, paper, "0001", {"tasks": [1, None], "initials": "AB"})
    put(marks, paper, "0001", {"code": "A"})
    path = sheet_path(paper, "candidates/0001/history")
    answer = marks.call("GET", path, ADMIN, query_string={"format": "csv"})
    assert answer.content_type == "text/csv; charset=utf-8"
    lines = answer.data.decode("utf-8-sig").splitlines()
    assert lines[0] == "at,by,from,to,how,why"
    assert [line.split(",")[2:5] for line in lines[1:]] == [
        [f"{DASH} + {DASH}", f"1 + {DASH} AB", "typed"],
        [f"1 + {DASH} AB", "A AB", "typed"],
    ]
    assert len(history(marks, paper, "0001")) == 2
