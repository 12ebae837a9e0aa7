"""The catalogue over HTTP."""

from pathlib import Path
from typing import Any

import pytest

import services.sampling.policies
from services.marks.domain.paper import SAMPLE_POLICIES
from services.marks.models import Paper
from shared.audit import AuditRow
from tests.support.service import (
    BOARD,
    MODERATOR,
    ServiceUnderTest,
    admin_of,
    rows_of,
)
from tests.unit.marks.builders import CENTRE, get, make_paper

GIVEN: dict[str, Any] = {
    "code": "9791/01",
    "title": "  ENGINEERING DESIGN ",
    "unit": "UNIT 1",
    "qualification": "GCSE",
    "series": {"month": "JUNE", "year": 2031},
    "board": "WJEC",
    "tasks": [{"name": "Task 1", "max": 40}, {"name": "Task 2", "max": 60}],
    "outcomes": None,
    "linear": True,
    "initials_required": False,
    "sample_policy": "wjec-rank-order",
    "upload": "candidate",
    "tolerance": 3,
    "marks_deadline": "2031-05-10",
    "sample_deadline": "2031-05-17",
    "evidence_until": "2031-05-31",
    "results_day": "2031-08-21T08:00:00+01:00",
}
BY_OUTCOME = {"tasks": None, "outcomes": ["Distinction", "Merit", "Pass"]}


def post(marks: ServiceUnderTest, **changes: Any) -> Any:
    return marks.call("POST", "/api/marks/papers", BOARD, json=GIVEN | changes)


def test_a_paper_is_added(marks: ServiceUnderTest) -> None:
    answer = post(marks)
    assert answer.status_code == 201
    made = answer.json
    assert made["full_title"] == "GCSE JUNE 2031 ENGINEERING DESIGN UNIT 1 (9791/01)"
    assert made["tasks"] == GIVEN["tasks"]
    assert made["maximum"] == 100
    assert made["not_classified"] == "Not classified"
    assert made["evidence_pieces"] == []
    assert made["work_to"] is None
    assert made["results_day"] == "2031-08-21T07:00:00+00:00"
    listed = get(marks, "/api/marks/papers", BOARD)
    assert listed == {"papers": [made], "total": 1, "page": 1, "rows": 20}


def test_the_other_services_hear_of_it(marks: ServiceUnderTest) -> None:
    linked = make_paper(marks)
    consortia = [["68101", "68102"], ["68103", "68104"]]
    made = post(marks, **BY_OUTCOME, linked=[linked], consortia=consortia, work_to="Box 7").json
    event = next(one for one in marks.emitted() if one.subject == f"all/{made['id']}")
    assert event.key == "paper.changed.v1"
    carried = {"paper_id": made["id"], "title": "ENGINEERING DESIGN", "linked": [linked]}
    carried |= {"consortia": consortia, "outcomes": BY_OUTCOME["outcomes"], "tasks": None}
    carried |= {"results_day": "2031-08-21T07:00:00+00:00", "work_to": "Box 7"}
    assert {name: event.data[name] for name in carried} == carried
    with marks.transaction() as session:
        (row,) = [one for one in rows_of(session, AuditRow) if one.subject == event.subject]
        assert (row.action, row.by_id) == ("paper.added", BOARD.user_id)


def test_a_link_holds_both_ways(marks: ServiceUnderTest) -> None:
    first = post(marks).json["id"]
    second = post(marks, code="3700U2", linked=[first]).json["id"]
    third = post(marks, code="3700U3", linked=[first]).json["id"]
    listed = get(marks, "/api/marks/papers", BOARD)["papers"]
    links = {first: [second, third], second: [first], third: [first]}
    assert {paper["id"]: paper["linked"] for paper in listed} == links
    told = {event.subject: event.data["linked"] for event in marks.emitted("paper.changed.v1")}
    assert told == {f"all/{paper_id}": linked for paper_id, linked in links.items()}
    with marks.transaction() as session:
        rows = [row for row in rows_of(session, AuditRow) if row.action == "paper.linked"]
        changes = [(row.before, row.after) for row in rows]
    assert changes == [
        ({"linked": []}, {"linked": [second]}),
        ({"linked": [second]}, {"linked": [second, third]}),
    ]


@pytest.mark.parametrize("policy", SAMPLE_POLICIES)
def test_every_policy_may_be_chosen_for_outcomes(marks: ServiceUnderTest, policy: str) -> None:
    assert post(marks, **BY_OUTCOME, sample_policy=policy).status_code == 201


def test_the_policies_named_here_are_those_sampling_has() -> None:
    """Services import no other service; this test looks at both."""
    folder = Path(services.sampling.policies.__file__).parent
    assert {path.stem for path in folder.glob("*.json")} == set(SAMPLE_POLICIES)


REFUSED = [
    ({"code": "37-0"}, "/code"),
    ({"code": None}, "/code"),
    ({"title": " "}, "/title"),
    ({"title": 7}, "/title"),
    ({"series": {"month": "MAI", "year": 2031}}, "/series/month"),
    ({"series": {"month": "JUNE", "year": 1999}}, "/series/year"),
    ({"series": "JUNE 2031"}, "/series"),
    ({"tasks": None}, "/tasks"),
    ({"outcomes": ["Pass"]}, "/tasks"),
    ({"tasks": []}, "/tasks"),
    ({"tasks": [{"name": "Task 1", "max": 0}]}, "/tasks/0/max"),
    ({"tasks": [{"name": "Task 1", "max": 40.5}]}, "/tasks/0/max"),
    ({"tasks": [{"max": 40}]}, "/tasks/0/name"),
    (BY_OUTCOME | {"outcomes": ["Pass", " pass"]}, "/outcomes/1"),
    ({"linear": "yes"}, "/linear"),
    ({"initials_required": None}, "/initials_required"),
    ({"sample_policy": "take-five"}, "/sample_policy"),
    ({"sample_policy": "per-outcome"}, "/sample_policy"),
    ({"upload": "post"}, "/upload"),
    ({"tolerance": -1}, "/tolerance"),
    ({"tolerance": 10**30}, "/tolerance"),
    ({"marks_deadline": "2031-02-29"}, "/marks_deadline"),
    ({"marks_deadline": 0}, "/marks_deadline"),
    ({"marks_deadline": "3031-05-10"}, "/marks_deadline"),
    ({"sample_deadline": "2082-01-01"}, "/sample_deadline"),
    ({"sample_deadline": "2031-05-09"}, "/sample_deadline"),
    ({"evidence_until": "31/05/2031"}, "/evidence_until"),
    ({"results_day": "2031-08-21T08:00:00"}, "/results_day"),
    ({"results_day": "2031-08-21"}, "/results_day"),
    ({"work_to": "a\x00b"}, "/work_to"),
    ({"linked": ["nothing"]}, "/linked/0"),
    ({"linked": ["\ud800"]}, "/linked/0"),
    ({"linked": ["a\0"]}, "/linked/0"),
    ({"consortia": [["68101"]]}, "/consortia/0"),
    ({"consortia": [["68101", "6810"]]}, "/consortia/0/1"),
    ({"consortia": [["68101", "68102"], ["68103", "68101"]]}, "/consortia/1/1"),
]


@pytest.mark.parametrize(("changes", "pointer"), REFUSED)
def test_what_is_no_paper_is_refused(
    marks: ServiceUnderTest, changes: dict[str, Any], pointer: str
) -> None:
    answer = post(marks, **changes)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json["errors"]] == [pointer]
    assert marks.emitted() == []
    with marks.transaction() as session:
        assert rows_of(session, Paper) == []


def test_a_code_is_free_once_per_series(marks: ServiceUnderTest) -> None:
    assert post(marks).status_code == 201
    again = post(marks, title="ANOTHER")
    assert again.status_code == 409
    assert again.json["errors"][0]["pointer"] == "/code"
    assert post(marks, series={"month": "JUNE", "year": 2032}).status_code == 201
    assert len(marks.emitted()) == 2


def test_a_retried_post_adds_once(marks: ServiceUnderTest) -> None:
    headers = {"Idempotency-Key": "one"}
    first, again = (
        marks.call("POST", "/api/marks/papers", BOARD, json=GIVEN, headers=headers)
        for _each in range(2)
    )
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json == again.json


def patch(marks: ServiceUnderTest, paper: str, body: dict[str, str]) -> Any:
    return marks.call("PATCH", f"/api/marks/papers/{paper}", BOARD, json=body)


def test_dates_are_moved(marks: ServiceUnderTest) -> None:
    moved = {"marks_deadline": "2031-05-17", "results_day": "2020-08-21T07:00:00Z"}
    answer = patch(marks, make_paper(marks), moved)
    assert answer.status_code == 200
    assert answer.json["marks_deadline"] == "2031-05-17"
    assert answer.json["sample_deadline"] == "2031-05-17"
    assert answer.json["results_released"] is True
    (event,) = marks.emitted("paper.changed.v1")
    assert event.data["marks_deadline"] == "2031-05-17"
    assert event.data["results_day"] == "2020-08-21T07:00:00+00:00"
    with marks.transaction() as session:
        (row,) = rows_of(session, AuditRow)
        assert row.before["marks_deadline"] == "2031-05-10"
        assert row.after["marks_deadline"] == "2031-05-17"


def test_dates_that_stay_are_no_change(marks: ServiceUnderTest) -> None:
    path = f"/api/marks/papers/{make_paper(marks)}"
    for body in (
        {},
        {"marks_deadline": "2031-05-10"},
        {"results_day": "2031-08-21T08:00:00+01:00"},
    ):
        assert marks.call("PATCH", path, BOARD, json=body).status_code == 200
    assert marks.emitted() == []


def test_dates_out_of_order_are_refused(marks: ServiceUnderTest) -> None:
    answer = patch(marks, make_paper(marks), {"marks_deadline": "2031-05-18"})
    assert answer.status_code == 422
    assert answer.json["errors"][0]["pointer"] == "/sample_deadline"
    assert marks.emitted() == []
    assert patch(marks, "none", {}).status_code == 404


def test_a_mistyped_year_is_refused(marks: ServiceUnderTest) -> None:
    paper_id = make_paper(marks)
    far = {"marks_deadline": "9031-05-10", "sample_deadline": "9031-05-17"}
    answer = patch(marks, paper_id, far)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json["errors"]] == [f"/{name}" for name in far]
    assert marks.emitted() == []
    assert patch(marks, paper_id, {"sample_deadline": "2081-12-31"}).status_code == 200


def test_the_catalogue_comes_in_pages_newest_series_first(marks: ServiceUnderTest) -> None:
    make_paper(marks, code="1111", series_month="JANUARY", series_year=2031)
    make_paper(marks, code="2222", series_month="NOVEMBER", series_year=2030)
    make_paper(marks, code="3333", series_month="JUNE", series_year=2031, title="B")
    make_paper(marks, code="4444", series_month="JUNE", series_year=2031, title="A")
    pages = [get(marks, f"/api/marks/papers?rows=3&page={page}", BOARD) for page in (1, 2, 3)]
    codes = [[paper["code"] for paper in page["papers"]] for page in pages]
    assert codes == [["4444", "3333", "1111"], ["2222"], []]
    assert {page["total"] for page in pages} == {4}


@pytest.mark.parametrize("query", ["rows=0", "rows=2001", "page=0", "page=x", f"page={10**30}"])
def test_a_page_that_cannot_be_is_refused(marks: ServiceUnderTest, query: str) -> None:
    assert marks.call("GET", f"/api/marks/papers?{query}", BOARD).status_code == 422


@pytest.mark.parametrize("who", [admin_of(CENTRE), MODERATOR])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/marks/papers"),
        ("POST", "/api/marks/papers"),
        ("PATCH", "/api/marks/papers/any"),
        ("POST", "/api/marks/imports/entries"),
        ("GET", "/api/marks/centres"),
    ],
)
def test_the_catalogue_is_for_the_board(
    marks: ServiceUnderTest, who: Any, method: str, path: str
) -> None:
    """Whatever they send: authorisation comes before the body is read."""
    assert marks.call(method, path, who, data="{").status_code == 403
