"""What marks tells again of requests, of amended marks, and of submissions undone."""

from typing import Any

import pytest

from services.marks.domain.marking import Mark
from services.marks.present import PRESENT
from shared.events.schemas import EVENT_TYPES
from tests.support.service import BOARD, MODERATOR, ServiceUnderTest
from tests.unit.marks.builders import CENTRE, make_paper, make_sheet
from tests.unit.marks.sheets import ADMIN, sheet_path, submit

WHY = "The marks of 0001 and 0002 were swapped"


@pytest.fixture
def paper(marks: ServiceUnderTest) -> str:
    paper = make_paper(marks)
    make_sheet(marks, paper, "0001", "0002", mark=Mark(tasks=(15, 20)))
    submit(marks, paper)
    return paper


def told(marks: ServiceUnderTest, key: str) -> list[tuple[str, Any]]:
    with marks.database.reading() as session:
        found = list(PRESENT[key](session))
    for _subject, data in found:
        EVENT_TYPES[key].check(data)
    return [(subject, dict(data)) for subject, data in found]


def emitted(marks: ServiceUnderTest, key: str) -> list[tuple[str, Any]]:
    return [(event.subject, event.data) for event in marks.emitted(key)]


def ask(marks: ServiceUnderTest, paper: str, number: str = "0001", mark: int = 16) -> str:
    body = {"candidate_no": number, "tasks": [mark, 20], "reason": WHY}
    answer: Any = marks.call("POST", sheet_path(paper, "amendment-requests"), ADMIN, json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json["id"])


def decide(marks: ServiceUnderTest, paper: str, request: str, decision: str = "accepted") -> None:
    body = {"decision": decision, "comment": "Looked into"}
    path = sheet_path(paper, f"amendment-requests/{request}")
    answer = marks.call("PATCH", path, BOARD, json=body)
    assert answer.status_code == 200, answer.text


def test_a_request_is_told_in_the_state_that_it_is_in(marks: ServiceUnderTest, paper: str) -> None:
    first = ask(marks, paper)
    assert told(marks, "amendment.requested.v1") == emitted(marks, "amendment.requested.v1")
    decide(marks, paper, first, "rejected")
    assert told(marks, "amendment.requested.v1") == []
    assert told(marks, "amendment.decided.v1") == emitted(marks, "amendment.decided.v1")
    assert told(marks, "marks.amended.v1") == []

    ask(marks, paper)
    assert told(marks, "amendment.decided.v1") == []
    assert told(marks, "amendment.requested.v1") == emitted(marks, "amendment.requested.v1")[1:]


def test_requests_of_other_candidates_are_told_beside(marks: ServiceUnderTest, paper: str) -> None:
    decide(marks, paper, ask(marks, paper))
    ask(marks, paper, "0002", 17)
    assert told(marks, "amendment.decided.v1") == emitted(marks, "amendment.decided.v1")
    assert told(marks, "amendment.requested.v1") == emitted(marks, "amendment.requested.v1")[1:]


def test_an_amended_mark_is_told_while_it_stands(marks: ServiceUnderTest, paper: str) -> None:
    decide(marks, paper, ask(marks, paper))
    (event,) = emitted(marks, "marks.amended.v1")
    ((subject, data),) = told(marks, "marks.amended.v1")
    assert (subject, data["after"]) == (event[0], event[1]["after"])
    assert set(data) == set(event[1])

    marks.allocate(CENTRE, paper)
    slip = {"candidate_no": "0001", "tasks": [14, 20], "reason": "Added up wrongly"}
    path = sheet_path(paper, "clerical-errors")
    assert marks.call("POST", path, MODERATOR, json=slip).status_code == 201
    assert told(marks, "marks.amended.v1") == []


def test_a_submission_undone_is_told_until_there_is_another(
    marks: ServiceUnderTest, paper: str
) -> None:
    assert told(marks, "submission.reopened.v1") == []
    path = sheet_path(paper, "submission/reopening")
    assert marks.call("POST", path, BOARD, json={"reason": WHY}).status_code == 200
    ((subject, data),) = told(marks, "submission.reopened.v1")
    ((its_subject, event),) = emitted(marks, "submission.reopened.v1")
    assert subject == its_subject
    assert data | {"reopened_at": ""} == event | {"reopened_at": ""}
    assert told(marks, "marks.submitted.v1") == []

    submit(marks, paper)
    assert told(marks, "submission.reopened.v1") == []
    assert len(told(marks, "marks.submitted.v1")) == 1
