"""The catalogue the board keeps: looked at, changed, copied from series to series."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.marks.domain.copying import moved, weeks_between
from services.marks.domain.paper import Series
from services.marks.models import Paper
from services.marks.queries.catalogue import described
from shared.access.models import Allocation
from shared.audit import AuditRow
from tests.support.service import BOARD, ServiceUnderTest, admin_of, rows_of
from tests.unit.marks.builders import CENTRE, get, make_paper, make_sheet
from tests.unit.marks.test_domain_page import LATE

PAPERS = "/api/marks/papers"
TO = {"month": "JUNE", "year": 2032}
FROM = {"month": "JUNE", "year": 2031}


def patch(marks: ServiceUnderTest, paper_id: str, **body: Any) -> Any:
    return marks.call("PATCH", f"{PAPERS}/{paper_id}", BOARD, json=body)


def copies(marks: ServiceUnderTest, query: str = "", **body: Any) -> Any:
    given = {"from": FROM, "to": TO, **body}
    return marks.call("POST", f"{PAPERS}/copies{query}", BOARD, json=given)


TALK = [{"name": "Talk", "max": 30}]
CHANGES = [
    ({"code": "3700U2"}, {"code": "3700U2"}),
    ({"title": " WELSH LANGUAGE "}, {"title": "WELSH LANGUAGE"}),
    ({"tasks": TALK}, {"tasks": TALK}),
    ({"outcomes": ["Merit", "Pass"]}, {"outcomes": ["Merit", "Pass"], "tasks": None}),
    ({"linear": True, "initials_required": True}, {"linear": True, "initials_required": True}),
    ({"upload": "candidate", "evidence_pieces": ["Essay"]}, {"evidence_pieces": ["Essay"]}),
    ({"work_to": "Surpass"}, {"work_to": "Surpass"}),
    ({"max_file_mib": 100}, {"max_file_mib": 100}),
    ({"upload_guide": "https://a.example/g"}, {"upload_guide": "https://a.example/g"}),
    ({"tolerance": 5}, {"tolerance": 5}),
    ({"consortia": [["68101", "68202"]]}, {"consortia": [["68101", "68202"]]}),
    ({"sample_policy": "even-spread-2026"}, {"sample_policy": "even-spread-2026"}),
]


@pytest.mark.parametrize(("given", "expected"), CHANGES)
def test_a_paper_is_changed_told_and_audited(
    marks: ServiceUnderTest, given: dict[str, Any], expected: dict[str, Any]
) -> None:
    paper_id = make_paper(marks)
    answer = patch(marks, paper_id, **given)
    assert answer.status_code == 200
    assert {name: answer.json[name] for name in expected} == expected
    (event,) = marks.emitted("paper.changed.v1")
    with marks.transaction() as session:
        (row,) = rows_of(session, AuditRow)
        assert row.action == "paper.changed"
        for name, value in expected.items():
            assert event.data[name] == value
            assert row.after[name] == value
    assert patch(marks, paper_id, **given).status_code == 200
    assert len(marks.emitted()) == 1


def test_what_comes_after_the_deadline_is_heeded_here_alone(marks: ServiceUnderTest) -> None:
    answer = patch(marks, make_paper(marks), after_deadline="closed")
    assert answer.json["after_deadline"] == "closed"
    assert marks.emitted() == []
    with marks.transaction() as session:
        (row,) = rows_of(session, AuditRow)
        assert (row.before, row.after) == ({"after_deadline": "warn"}, {"after_deadline": "closed"})


REFUSED = [
    ({"code": "37?"}, "/code"),
    ({"title": " "}, "/title"),
    ({"tasks": [{"name": "Talk", "max": 0}]}, "/tasks/0/max"),
    ({"tasks": [{"name": "Talk", "max": 9}], "outcomes": ["Pass"]}, "/tasks"),
    ({"sample_deadline": "2031-05-09"}, "/sample_deadline"),
    ({"linked": ["nothing"]}, "/linked/0"),
    ({"consortia": [["68101"]]}, "/consortia/0"),
    ({"upload": "post"}, "/upload"),
    ({"tolerance": "3"}, "/tolerance"),
]


@pytest.mark.parametrize(("given", "pointer"), REFUSED)
def test_what_would_be_no_paper_changes_nothing(
    marks: ServiceUnderTest, given: dict[str, Any], pointer: str
) -> None:
    answer = patch(marks, make_paper(marks), **given)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json["errors"]] == [pointer]
    assert marks.emitted() == []


def test_with_entries_what_a_mark_may_be_stays(marks: ServiceUnderTest) -> None:
    paper_id = make_paper(marks)
    make_sheet(marks, paper_id, "1001", "1002")
    answer = patch(marks, paper_id, tasks=TALK, qualification="GCE", code="3700U2")
    assert answer.status_code == 409
    assert answer.json["type"].endswith(":paper-in-use")
    pointers = [error["pointer"] for error in answer.json["errors"]]
    assert pointers == ["/code", "/qualification", "/tasks"]
    seen = get(marks, f"{PAPERS}/{paper_id}", BOARD)
    assert (seen["centres"], seen["candidates"]) == (1, 2)
    assert patch(marks, paper_id, title="ORACY", tolerance=4).status_code == 200


def test_a_code_that_another_paper_of_the_series_has_is_refused(marks: ServiceUnderTest) -> None:
    paper_id = make_paper(marks)
    make_paper(marks, code="3700U2")
    make_paper(marks, code="3700U3", series_year=2032)
    answer = patch(marks, paper_id, code="3700U2")
    assert answer.status_code == 409
    assert [error["pointer"] for error in answer.json["errors"]] == ["/code"]
    assert patch(marks, paper_id, code="3700U3").status_code == 200


def remove(marks: ServiceUnderTest, paper_id: str) -> Any:
    return marks.call("DELETE", f"{PAPERS}/{paper_id}", BOARD)


def test_a_paper_added_by_mistake_is_removed_told_and_audited(marks: ServiceUnderTest) -> None:
    first, second = make_paper(marks), make_paper(marks, code="0002")
    patch(marks, first, linked=[second])
    assert remove(marks, first).status_code == 204
    assert [one["id"] for one in get(marks, PAPERS, BOARD)["papers"]] == [second]
    told = {event.subject: event.data for event in marks.emitted("paper.changed.v1")}
    assert (told[f"all/{first}"]["removed"], told[f"all/{first}"]["code"]) == (True, "3700U1")
    assert (told[f"all/{second}"]["linked"], "removed" in told[f"all/{second}"]) == ([], False)
    with marks.transaction() as session:
        (row,) = [one for one in rows_of(session, AuditRow) if one.action == "paper.removed"]
        assert row.before["code"] == "3700U1"
    assert remove(marks, first).status_code == 404
    make_paper(marks)


def entered(marks: ServiceUnderTest, paper_id: str) -> None:
    make_sheet(marks, paper_id, "0001", withdrawn=True)


def asked_for(marks: ServiceUnderTest, paper_id: str) -> None:
    path = f"/api/marks/centres/{CENTRE}/papers/{paper_id}/entry-requests"
    assert marks.call("POST", path, admin_of(CENTRE), json=LATE).status_code == 201


def allocated(marks: ServiceUnderTest, paper_id: str) -> None:
    with marks.transaction() as session:
        session.add(Allocation(user_id="m1", centre_no=CENTRE, paper_id=paper_id))


@pytest.mark.parametrize("use", [entered, asked_for, allocated])
def test_a_paper_that_something_refers_to_is_not_removed(
    marks: ServiceUnderTest, use: Callable[[ServiceUnderTest, str], None]
) -> None:
    paper_id = make_paper(marks)
    use(marks, paper_id)
    told = len(marks.emitted())
    answer = remove(marks, paper_id)
    assert (answer.status_code, answer.json["type"]) == (409, "urn:iamis:problem:paper-in-use")
    assert get(marks, f"{PAPERS}/{paper_id}", BOARD)["id"] == paper_id
    assert len(marks.emitted()) == told


def test_links_are_made_and_taken_away_on_both_sides(marks: ServiceUnderTest) -> None:
    first, second, third = (make_paper(marks, code=f"000{n}") for n in (1, 2, 3))
    assert patch(marks, first, linked=[second, third]).status_code == 200
    assert patch(marks, first, linked=[third]).status_code == 200
    listed = {one["id"]: one["linked"] for one in get(marks, PAPERS, BOARD)["papers"]}
    assert listed == {first: [third], second: [], third: [first]}
    told = {event.subject: event.data["linked"] for event in marks.emitted("paper.changed.v1")}
    assert told == {f"all/{paper_id}": linked for paper_id, linked in listed.items()}
    refused = patch(marks, first, linked=[first])
    assert refused.json["errors"][0]["pointer"] == "/linked/0"


ODD = [
    ({}, []),
    ({"marks_deadline": date(2020, 5, 1)}, ["/marks_deadline"]),
    ({"upload": "group", "evidence_until": date(2031, 5, 16)}, ["/evidence_until"]),
    ({"upload": "candidate"}, ["/evidence_pieces"]),
    ({"results_day": datetime(2031, 5, 17, 7, tzinfo=UTC)}, ["/results_day"]),
]


@pytest.mark.parametrize(("changes", "pointers"), ODD)
def test_what_to_look_at_before_it_opens(
    marks: ServiceUnderTest, changes: dict[str, Any], pointers: list[str]
) -> None:
    seen = get(marks, f"{PAPERS}/{make_paper(marks, **changes)}", BOARD)
    assert [one["pointer"] for one in seen["attention"]] == pointers


def test_a_link_to_another_series_is_pointed_out(marks: ServiceUnderTest) -> None:
    other = make_paper(marks, series_year=2030)
    seen = get(marks, f"{PAPERS}/{make_paper(marks, linked=[other])}", BOARD)
    assert [one["pointer"] for one in seen["attention"]] == ["/linked"]


def test_papers_are_found_by_series_and_title(marks: ServiceUnderTest) -> None:
    make_paper(marks, code="0001", title="CYMRAEG IÂS")
    make_paper(marks, code="0002")
    make_paper(marks, code="0003", series_year=2032)
    found = get(marks, f"{PAPERS}?series=JUNE 2031&search=ias", BOARD)
    assert ([one["code"] for one in found["papers"]], found["total"]) == (["0001"], 1)
    assert get(marks, f"{PAPERS}?series=JUNE 2031", BOARD)["total"] == 2
    assert marks.call("GET", f"{PAPERS}?series=MAI 2031", BOARD).status_code == 422
    series = get(marks, "/api/marks/series", BOARD)
    assert series["series"] == [{"series": TO, "papers": 1}, {"series": FROM, "papers": 2}]


def test_papers_are_copied_with_their_links_and_dates_moved(marks: ServiceUnderTest) -> None:
    first = make_paper(marks, code="0001", consortia=[["68101", "68202"]])
    second = make_paper(marks, code="0002", linked=[first])
    patch(marks, first, linked=[second])
    before = len(marks.emitted())
    seen = copies(marks, "?dry_run=true").json
    assert [(one["code"], one["there"], one["id"]) for one in seen["papers"]] == [
        ("0001", False, None),
        ("0002", False, None),
    ]
    assert (seen["weeks"], len(marks.emitted())) == (52, before)
    made = copies(marks).json["papers"]
    ids = [one["id"] for one in made]
    copied = {one: get(marks, f"{PAPERS}/{one}", BOARD) for one in ids}
    assert [copied[one]["linked"] for one in ids] == [[ids[1]], [ids[0]]]
    assert copied[ids[0]]["consortia"] == [["68101", "68202"]]
    assert copied[ids[0]]["marks_deadline"] == "2032-05-08"
    assert copied[ids[0]]["series"] == TO
    told = {event.subject: event.data["linked"] for event in marks.emitted("paper.changed.v1")}
    assert told[f"all/{ids[0]}"] == [ids[1]]


def test_copied_again_nothing_comes_of_it(marks: ServiceUnderTest) -> None:
    make_paper(marks, code="0001")
    other = make_paper(marks, code="0002")
    assert [one["code"] for one in copies(marks, papers=[other]).json["papers"]] == ["0002"]
    again = copies(marks).json["papers"]
    assert [(one["code"], one["there"]) for one in again] == [("0001", False), ("0002", True)]
    assert get(marks, f"{PAPERS}?series=JUNE 2032", BOARD)["total"] == 2


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"to": FROM}, "/to"),
        ({"from": {"month": "MAY", "year": 2031}}, "/from"),
        ({"papers": ["none"]}, "/papers/0"),
        ({"to": {"month": "MAI", "year": 2031}}, "/to/month"),
    ],
)
def test_a_copy_of_nothing_is_refused(
    marks: ServiceUnderTest, given: dict[str, Any], pointer: str
) -> None:
    make_paper(marks)
    answer = copies(marks, **given)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json["errors"]] == [pointer]


@pytest.mark.parametrize("to", ["JUNE 2032", "NOVEMBER 2031", "JANUARY 2040", "MAY 2030"])
def test_days_of_the_week_and_the_hour_of_results_stay(marks: ServiceUnderTest, to: str) -> None:
    paper_id = make_paper(marks)
    with marks.transaction() as session:
        old = described(session.get_one(Paper, paper_id))
    new = moved(old, Series.parse(to))
    assert new.marks_deadline.weekday() == old.marks_deadline.weekday()
    assert new.sample_deadline - new.marks_deadline == old.sample_deadline - old.marks_deadline
    assert new.results_day.hour == 8
    assert new.series == Series.parse(to)
    assert weeks_between(old.series, new.series).days % 7 == 0


def test_what_was_said_of_files_is_taken_away_again(marks: ServiceUnderTest) -> None:
    paper_id = make_paper(marks, max_file_mib=100, upload_guide="https://a.example/g")
    answer = patch(marks, paper_id, max_file_mib=0, upload_guide="")
    assert (answer.json["max_file_mib"], answer.json["upload_guide"]) == (None, None)
