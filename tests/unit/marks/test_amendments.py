"""Amending a submitted mark: the centre asks, the board decides, and everybody is told."""

from typing import Any

import pytest

from services.marks.domain.marking import Mark
from shared.audit import AuditRow
from tests.support.service import BOARD, MODERATOR, ServiceUnderTest, admin_of, rows_of, teacher_of
from tests.unit.marks import entry_files
from tests.unit.marks.builders import (
    CENTRE,
    OTHER_CENTRE,
    OUTCOMES,
    make_paper,
    make_sheet,
    make_submission,
)
from tests.unit.marks.sheets import (
    ADMIN,
    at_once,
    get,
    history,
    line_of,
    pointers,
    put,
    sheet_path,
    submit,
)

WHY = "The marks of 0001 and 0002 were swapped"
BEFORE = {"tasks": [15, 20], "code": None, "outcome": None, "total": 35, "initials": "AB"}
AFTER = BEFORE | {"tasks": [16, 20], "total": 36}


@pytest.fixture
def paper(marks: ServiceUnderTest) -> str:
    paper = make_paper(marks, linear=True)
    make_sheet(marks, paper, "0001", mark=Mark(tasks=(15, 20), initials="AB"))
    make_sheet(marks, paper, "0002", mark=Mark(tasks=(None, None), code="A"))
    make_submission(marks, paper)
    make_sheet(marks, paper, "0003")
    return paper


def ask(marks: ServiceUnderTest, paper: str, who: Any = ADMIN, **body: object) -> Any:
    given = {"candidate_no": "0001", "tasks": [16, 20], "reason": WHY} | body
    return marks.call("POST", sheet_path(paper, "amendment-requests"), who, json=given)


def asked(marks: ServiceUnderTest, paper: str, **body: object) -> Any:
    answer = ask(marks, paper, **body)
    assert answer.status_code == 201, answer.text
    return answer.json


def decide(
    marks: ServiceUnderTest, paper: str, request_id: str, who: Any = BOARD, **body: object
) -> Any:
    given = {"decision": "accepted", "comment": "Seen"} | body
    path = sheet_path(paper, f"amendment-requests/{request_id}")
    return marks.call("PATCH", path, who, json=given)


def test_a_request_changes_nothing_until_it_is_decided(marks: ServiceUnderTest, paper: str) -> None:
    before = line_of(marks, paper, "0001")
    request = asked(marks, paper)
    told = {"kind": "amendment", "candidate_no": "0001", "from": BEFORE, "to": AFTER}
    assert request | told | {"state": "requested", "reason": WHY, "decided_at": None} == request
    assert line_of(marks, paper, "0001") == before
    (event,) = marks.emitted("amendment.requested.v1")
    assert (event.data["before"], event.data["after"], event.data["why"]) == (BEFORE, AFTER, WHY)
    for path, who in ((sheet_path(paper, "amendment-requests"), ADMIN), (ALL, BOARD)):
        assert get(marks, path, who) == {"requests": [request], "total": 1, "page": 1, "rows": 100}


ALL = "/api/marks/amendment-requests"


def test_an_accepted_amendment_is_the_mark_that_counts(marks: ServiceUnderTest, paper: str) -> None:
    request = asked(marks, paper)
    decided = decide(marks, paper, request["id"])
    assert decided.status_code == 200
    said = {"state": "accepted", "comment": "Seen", "decided_by": BOARD.name}
    assert decided.json | said == decided.json
    line = line_of(marks, paper, "0001")
    assert (line["tasks"], line["effective_total"], line["locked"]) == ([16, 20], 36, True)
    change = history(marks, paper, "0001")[-1]
    assert (change["how"], change["why"], change["by"]) == ("amendment", WHY, BOARD.name)
    assert (change["from"], change["to"]) == (BEFORE, AFTER)
    keys = [event.key for event in marks.emitted()]
    assert keys == ["amendment.requested.v1", "amendment.decided.v1", "marks.amended.v1"]
    assert marks.emitted("marks.amended.v1")[0].data["after"] == AFTER
    with marks.transaction() as session:
        actions = [(row.action, row.by_id) for row in rows_of(session, AuditRow)]
    assert actions == [
        ("amendment.requested", ADMIN.user_id),
        ("amendment.decided", BOARD.user_id),
    ]


def test_a_rejected_amendment_leaves_the_mark(marks: ServiceUnderTest, paper: str) -> None:
    request = asked(marks, paper)
    refused = decide(marks, paper, request["id"], decision="rejected", comment=" ")
    assert (refused.status_code, pointers(refused)) == (422, ["/comment"])
    decided = decide(marks, paper, request["id"], decision="rejected", comment="No evidence")
    assert (decided.status_code, decided.json["state"]) == (200, "rejected")
    assert line_of(marks, paper, "0001")["tasks"] == [15, 20]
    assert marks.emitted("marks.amended.v1") == []
    assert get(marks, ALL, BOARD, state="requested")["total"] == 0
    assert asked(marks, paper)["state"] == "requested"


def test_a_decision_is_made_once(marks: ServiceUnderTest, paper: str) -> None:
    request = asked(marks, paper)
    first = decide(marks, paper, request["id"])
    again = decide(marks, paper, request["id"])
    assert (again.status_code, again.json) == (200, first.json)
    other = decide(marks, paper, request["id"], decision="rejected", comment="No")
    assert other.status_code == 409
    assert len(marks.emitted("marks.amended.v1")) == 1


def test_of_many_at_once_one_is_asked(marks: ServiceUnderTest, paper: str) -> None:
    answers = at_once(4, lambda _number: ask(marks, paper))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]


WRONG = {
    "nobody": ({"candidate_no": "0009"}, 422, "/candidate_no"),
    "no candidate": ({"candidate_no": None}, 422, "/candidate_no"),
    "above the maximum": ({"tasks": [41, 1]}, 422, "/tasks/0"),
    "a gap": ({"tasks": [1, None]}, 422, "/tasks/1"),
    "the mark that stands": ({"tasks": [15, 20]}, 422, "/tasks"),
    "the mark that stands, without initials": ({"tasks": [15, 20], "initials": ""}, 422, "/tasks"),
    "two values": ({"code": "A"}, 422, "/tasks"),
    "no value": ({"tasks": None}, 422, ""),
    "an outcome": ({"tasks": None, "outcome": "Pass"}, 422, "/outcome"),
    "no reason": ({"reason": " "}, 422, "/reason"),
    "a reason that is none": ({"reason": 5}, 422, "/reason"),
    "too long a reason": ({"reason": "x" * 1001}, 422, "/reason"),
    "not submitted": ({"candidate_no": "0003", "tasks": [1, 1]}, 409, None),
}


@pytest.mark.parametrize(("body", "status", "pointer"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_asked(
    marks: ServiceUnderTest, paper: str, body: dict[str, Any], status: int, pointer: str | None
) -> None:
    answer = ask(marks, paper, **body)
    assert answer.status_code == status
    if pointer is not None:
        assert pointers(answer)[0] == pointer
    assert marks.emitted() == []


@pytest.mark.parametrize(
    ("number", "body", "wanted"),
    [
        ("0001", {"tasks": None, "code": "c"}, ([None, None], "CF", None)),
        ("0002", {"tasks": [3, 4]}, ([3, 4], None, 7)),
    ],
)
def test_codes_and_marks_take_each_others_place(
    marks: ServiceUnderTest, paper: str, number: str, body: dict[str, Any], wanted: Any
) -> None:
    request = asked(marks, paper, candidate_no=number, **body)
    decide(marks, paper, request["id"], decision="approve")
    line = line_of(marks, paper, number)
    assert (line["tasks"], line["code"], line["effective_total"]) == wanted


def test_marks_for_an_absence_need_initials_where_the_paper_does(marks: ServiceUnderTest) -> None:
    paper = make_paper(marks, initials_required=True)
    make_sheet(marks, paper, "0001", mark=Mark(tasks=(None, None), code="A"))
    make_submission(marks, paper)
    refused = ask(marks, paper)
    assert (refused.status_code, pointers(refused)) == (422, ["/initials"])
    decide(marks, paper, asked(marks, paper, initials="cd")["id"])
    line = line_of(marks, paper, "0001")
    assert (line["tasks"], line["initials"], line["complete"]) == ([16, 20], "CD", True)


def test_an_outcome_is_amended(marks: ServiceUnderTest) -> None:
    paper = make_paper(marks, tasks=None, outcomes=OUTCOMES)
    make_sheet(marks, paper, "0001", mark=Mark(outcome="Pass"))
    make_submission(marks, paper)
    request = asked(marks, paper, tasks=None, outcome="merit")
    decide(marks, paper, request["id"])
    assert line_of(marks, paper, "0001")["outcome"] == "Merit"


def test_an_amendment_takes_the_place_of_a_clerical_error(
    marks: ServiceUnderTest, paper: str
) -> None:
    marks.allocate(CENTRE, paper)
    error = {"candidate_no": "0001", "tasks": [1, 2], "reason": "Copied wrongly"}
    marks.call("POST", sheet_path(paper, "clerical-errors"), MODERATOR, json=error)
    request = asked(marks, paper, tasks=[15, 20])
    assert (request["from"]["tasks"], request["to"]["tasks"]) == ([1, 2], [15, 20])
    decide(marks, paper, request["id"])
    line = line_of(marks, paper, "0001")
    assert (line["effective_total"], line["clerical_error"]) == (35, None)


def refused_as_changed(marks: ServiceUnderTest, paper: str, request: Any, now: str) -> None:
    """Accepting is refused, and says the mark there is; rejecting goes well."""
    answer = decide(marks, paper, request["id"])
    assert (answer.status_code, answer.json["type"]) == (409, "urn:iamis:problem:mark-changed")
    assert f"it is {now} now." in answer.json["detail"]
    assert marks.emitted("amendment.decided.v1") == marks.emitted("marks.amended.v1") == []
    rejected = decide(marks, paper, request["id"], decision="rejected")
    assert (rejected.status_code, rejected.json["state"]) == (200, "rejected")


def test_a_correction_made_since_it_was_asked_stays(marks: ServiceUnderTest, paper: str) -> None:
    request = asked(marks, paper)
    marks.allocate(CENTRE, paper)
    error = {"candidate_no": "0001", "tasks": [12, 20], "reason": "Copied wrongly"}
    marks.call("POST", sheet_path(paper, "clerical-errors"), MODERATOR, json=error)
    refused_as_changed(marks, paper, request, "12 + 20 = 32 AB")
    assert line_of(marks, paper, "0001")["effective_total"] == 32


def test_a_mark_typed_anew_since_it_was_asked_stays(marks: ServiceUnderTest, paper: str) -> None:
    request = asked(marks, paper)
    marks.call("POST", sheet_path(paper, "submission/reopening"), BOARD, json={"reason": WHY})
    for number, tasks in (("0001", [18, 20]), ("0003", [1, 1])):
        put(marks, paper, number, {"tasks": tasks})
    assert submit(marks, paper).status_code == 201
    refused_as_changed(marks, paper, request, "18 + 20 = 38 AB")
    assert line_of(marks, paper, "0001")["tasks"] == [18, 20]


def test_who_is_withdrawn_since_has_no_mark_to_amend(marks: ServiceUnderTest, paper: str) -> None:
    request = asked(marks, paper)
    entry_files.load(marks, entry_files.row(1, action="W"))
    refused = decide(marks, paper, request["id"])
    assert (refused.status_code, refused.json["type"]) == (409, "urn:iamis:problem:withdrawn")
    rejected = decide(marks, paper, request["id"], decision="rejected")
    assert (rejected.status_code, rejected.json["state"]) == (200, "rejected")


def test_a_later_submission_carries_the_amended_mark(marks: ServiceUnderTest, paper: str) -> None:
    decide(marks, paper, asked(marks, paper)["id"])
    marks.call("PUT", sheet_path(paper, "candidates/0003"), ADMIN, json={"tasks": [1, 1]})
    assert submit(marks, paper).status_code == 201
    first = marks.emitted("marks.submitted.v1")[0].data["candidates"][0]
    assert (first["tasks"], first["total"], first["effective_total"]) == ([16, 20], 36, 36)


@pytest.mark.parametrize(
    ("who", "asking", "deciding"),
    [
        (teacher_of(CENTRE), 201, 403),
        (teacher_of(CENTRE, iamis=False), 403, 403),
        (admin_of(OTHER_CENTRE), 404, 404),
        (MODERATOR, 404, 404),
        (BOARD, 403, 200),
    ],
)
def test_who_asks_and_who_decides(
    marks: ServiceUnderTest, paper: str, who: Any, asking: int, deciding: int
) -> None:
    marks.call("PUT", sheet_path(paper, "candidates/0003"), ADMIN, json={"tasks": [1, 1]})
    submit(marks, paper)
    request = asked(marks, paper)
    assert ask(marks, paper, who, candidate_no="0003", tasks=[2, 2]).status_code == asking
    assert decide(marks, paper, request["id"], who).status_code == deciding
    listing = marks.call("GET", ALL, who)
    assert listing.status_code == (200 if who is BOARD else 403)


def test_a_request_of_another_sheet_is_not_there(marks: ServiceUnderTest, paper: str) -> None:
    request = asked(marks, paper)
    make_sheet(marks, paper, "0001", centre_no=OTHER_CENTRE)
    path = sheet_path(paper, f"amendment-requests/{request['id']}", OTHER_CENTRE)
    body = {"decision": "accepted", "comment": ""}
    assert marks.call("PATCH", path, BOARD, json=body).status_code == 404
    assert decide(marks, paper, request["id"], decision="maybe").status_code == 422
