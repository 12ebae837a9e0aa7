"""The candidate details report as JSON: the rows, and what each event changes in them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.reports.models import Paper
from shared import clock
from shared.events.purge import KEPT, purge
from tests.support.service import BOARD, ServiceUnderTest, admin_of, rows_of
from tests.unit.reports.builders import (
    AT,
    CENTRE,
    DETAILS,
    LIST,
    OUTCOMES,
    PAPER,
    SHEET,
    clerical_error,
    deleted,
    enter,
    entries,
    entry,
    looked_at,
    mark,
    paper,
    sample,
    submission,
    submit,
    uploaded,
)


def report(service: ServiceUnderTest) -> dict[str, Any]:
    answer = service.call("GET", DETAILS, admin_of(CENTRE))
    assert answer.status_code == 200, answer.text
    return answer.json or {}


def rows(service: ServiceUnderTest) -> dict[str, dict[str, Any]]:
    return {row["candidate_no"]: row for row in report(service)["rows"]}


def test_before_the_submission_the_rows_are_there_without_marks(service: ServiceUnderTest) -> None:
    enter(service, entry("0002"), entry("0001", surname="ŴYN"))
    told = report(service)
    assert datetime.fromisoformat(told.pop("as_of")) <= clock.now()
    assert told == {
        "paper": {
            "id": PAPER,
            "code": "3700U1",
            "title": "ENGLISH LANGUAGE",
            "unit": "UNIT 1 ORACY",
            "full_title": "GCSE JUNE 2031 ENGLISH LANGUAGE UNIT 1 ORACY (3700U1)",
            "qualification": "GCSE",
            "series": {"month": "JUNE", "year": 2031},
            "maximum": 80,
            "tasks": [{"name": "Task 1", "max": 40}, {"name": "Task 2", "max": 40}],
            "outcomes": None,
            "initials_required": True,
        },
        "centre_no": CENTRE,
        "submitted_at": None,
        "rows": [empty("0001", "ŴYN : Siân"), empty("0002", "SURNAME0002 : Siân")],
    }


def empty(candidate_no: str, name: str) -> dict[str, Any]:
    return {
        "candidate_no": candidate_no,
        "name": name,
        "dob": "2015-12-31",
        "tasks": [None, None],
        "mark": None,
        "original_mark": None,
        "amended": False,
        "code": None,
        "outcome": None,
        "initials": "",
        "sample": "No",
        "amendment": None,
        "moderated": None,
        "correction": None,
        "evidence": 0,
    }


def test_after_the_submission_it_has_marks_codes_and_the_sample(service: ServiceUnderTest) -> None:
    enter(service, entry("0001"), entry("0002"), entry("0003"), entry("0004"))
    absent = mark("0002", code="A", initials="")
    submit(service, mark("0001", 10, 20), absent, mark("0003", 0, 0), mark("0004", 1, 1))
    service.deliver("sample.generated.v1", SHEET, sample(("0001", "system")))
    grown = sample(("0001", "system"), ("0003", "centre"), ("0004", "moderator"), note="lost")
    service.deliver("sample.extended.v1", SHEET, grown)
    shown = rows(service)
    assert report(service)["submitted_at"] == AT.replace("Z", "+00:00")
    assert shown["0001"] | {"mark": 30, "original_mark": 30, "tasks": [10, 20]} == shown["0001"]
    assert shown["0002"] | {"mark": None, "code": "A", "tasks": [None, None]} == shown["0002"]
    assert shown["0003"] | {"mark": 0, "code": None, "initials": "AB"} == shown["0003"]
    assert [row["sample"] for row in shown.values()] == ["Yes", "No", "Added", "Further"]


def test_a_paper_assessed_by_outcome(service: ServiceUnderTest) -> None:
    enter(service, entry("0001"), **OUTCOMES)
    submit(service, mark("0001", outcome="Merit"))
    shown = report(service)
    assert shown["paper"] | {"maximum": None, "tasks": None} | OUTCOMES == shown["paper"]
    assert shown["rows"][0] | {"outcome": "Merit", "mark": None, "tasks": None} == shown["rows"][0]


def test_a_clerical_error_counts_and_a_supplementary_submission_keeps_it(
    service: ServiceUnderTest,
) -> None:
    enter(service, entry("0001"), entry("0002"))
    submit(service, mark("0001", 10, 20))
    service.deliver("clerical_error.recorded.v1", SHEET, clerical_error("0001", 35, [15, 20]))
    amended = {"mark": 35, "original_mark": 30, "amended": True, "tasks": [15, 20]}
    assert rows(service)["0001"] | amended == rows(service)["0001"]
    late = [mark("0001", 10, 20, effective_total=35), mark("0002", 5, 5)]
    submit(service, *late, kind="supplementary", at="2031-05-09T12:00:00Z")
    assert rows(service)["0001"] | amended == rows(service)["0001"]
    assert rows(service)["0002"]["mark"] == 10
    assert report(service)["submitted_at"] == "2031-05-09T12:00:00+00:00"


def test_a_clerical_error_that_comes_before_everything_else(service: ServiceUnderTest) -> None:
    error = clerical_error("0001", 35, [15, 20])
    service.deliver("clerical_error.recorded.v1", SHEET, error, sequence=3)
    enter(service, entry("0001"))
    assert rows(service)["0001"] == empty("0001", "SURNAME0001 : Siân")
    marks = submission(mark("0001", 10, 20))
    service.deliver("marks.submitted.v1", SHEET, marks, sequence=2)
    assert (rows(service)["0001"]["mark"], rows(service)["0001"]["original_mark"]) == (35, 30)


def test_withdrawn_candidates_are_left_out_and_may_come_back(service: ServiceUnderTest) -> None:
    enter(service, entry("0001"), entry("0002"))
    service.deliver("entries.changed.v1", SHEET, entries(entry("0002", "withdrawn")))
    assert list(rows(service)) == ["0001"]
    service.deliver("entries.changed.v1", SHEET, entries(entry("0002", surname="NEW")))
    assert rows(service)["0002"]["name"] == "NEW : Siân"


def test_an_older_change_of_entries_is_ignored_for_its_candidates_only(
    service: ServiceUnderTest,
) -> None:
    service.deliver("paper.changed.v1", f"all/{PAPER}", paper())
    newer, older = entry("0001", surname="NEWER"), entry("0001", surname="OLDER")
    service.deliver("entries.changed.v1", SHEET, entries(newer), sequence=9)
    service.deliver("entries.changed.v1", SHEET, entries(older, entry("0002")), sequence=8)
    names = [row["name"] for row in rows(service).values()]
    assert names == ["NEWER : Siân", "SURNAME0002 : Siân"]


def test_an_event_delivered_twice_is_one(service: ServiceUnderTest) -> None:
    enter(service, entry("0001"))
    for event_id in ("same", "same", "republished"):
        service.deliver(
            "evidence.uploaded.v1", SHEET, uploaded("f", "0001"), sequence=4, event_id=event_id
        )
    assert rows(service)["0001"]["evidence"] == 1


@pytest.mark.parametrize("deleted_first", [False, True])
def test_evidence_counts_the_files_that_are_there(
    service: ServiceUnderTest, *, deleted_first: bool
) -> None:
    enter(service, entry("0001"), entry("0002"))
    service.deliver("evidence.uploaded.v1", SHEET, uploaded("kept", "0001"))
    service.deliver("evidence.uploaded.v1", SHEET, uploaded("group", None))
    service.deliver("evidence.deleted.v1", SHEET, deleted("other-group", None))
    gone = [
        ("evidence.uploaded.v1", uploaded("gone", "0001")),
        ("evidence.deleted.v1", deleted("gone", "0001")),
    ]
    for key, data in reversed(gone) if deleted_first else gone:
        service.deliver(key, SHEET, data)
    assert [row["evidence"] for row in rows(service).values()] == [1, 0]


@pytest.mark.parametrize("told_first", [False, True])
def test_a_rejected_file_is_no_evidence(service: ServiceUnderTest, *, told_first: bool) -> None:
    enter(service, entry("0001"))
    told = [
        ("evidence.uploaded.v1", uploaded("bad", "0001")),
        ("evidence.status_changed.v1", looked_at("bad", "0001", "rejected")),
    ]
    for key, data in reversed(told) if told_first else told:
        service.deliver(key, SHEET, data)
    service.deliver("evidence.uploaded.v1", SHEET, uploaded("good", "0001"))
    for of, status in (("good", "accepted"), ("group", "rejected")):
        candidate_no = None if of == "group" else "0001"
        service.deliver("evidence.status_changed.v1", SHEET, looked_at(of, candidate_no, status))
    assert rows(service)["0001"]["evidence"] == 1


def test_two_thousand_candidates(service: ServiceUnderTest) -> None:
    numbers = [f"{number:04}" for number in range(2000)]
    enter(service, *(entry(number) for number in reversed(numbers)))
    submit(service, *(mark(number, int(number) % 41, 1) for number in numbers))
    chosen = [(number, "system") for number in numbers[::80]]
    service.deliver("sample.generated.v1", SHEET, sample(*chosen))
    shown = rows(service)
    assert list(shown) == numbers
    assert [shown[number]["mark"] for number in numbers] == [n % 41 + 1 for n in range(2000)]
    assert [number for number in numbers if shown[number]["sample"] == "Yes"] == numbers[::80]


def test_the_list_names_every_report_newest_series_first(service: ServiceUnderTest) -> None:
    series = [("a", "JUNE", 2030), ("b", "NOVEMBER", 2030), ("c", "JUNE", 2031)]
    for paper_id, month, year in series:
        changed = paper(paper_id, full_title=paper_id, series={"month": month, "year": year})
        service.deliver("paper.changed.v1", f"all/{paper_id}", changed)
        entered = entries(entry("0001")) | {"paper_id": paper_id}
        service.deliver("entries.changed.v1", f"{CENTRE}/{paper_id}", entered)
    service.deliver("paper.changed.v1", "all/d", paper("d"))
    submitted = submission(mark("0001", 1, 1)) | {"paper_id": "b"}
    service.deliver("marks.submitted.v1", f"{CENTRE}/b", submitted)
    for who in (admin_of(CENTRE), BOARD):
        assert (service.call("GET", LIST, who).json or {})["papers"] == [
            {"id": "c", "full_title": "c", "submitted_at": None},
            {"id": "b", "full_title": "b", "submitted_at": AT.replace("Z", "+00:00")},
            {"id": "a", "full_title": "a", "submitted_at": None},
        ]


def test_it_is_as_of_the_last_news_of_marks_however_long_ago(
    service: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = datetime(2031, 5, 1, 12, tzinfo=UTC)
    now = first
    monkeypatch.setattr(clock, "now", lambda: now)
    enter(service, entry("0001"))
    now += timedelta(minutes=5)
    service.deliver("sample.generated.v1", SHEET, sample(("0001", "system")))
    assert report(service)["as_of"] == first.isoformat()
    now += KEPT
    with service.transaction() as session:
        assert not purge(session)
    assert report(service)["as_of"] == first.isoformat()
    submit(service, mark("0001", 1, 1))
    assert report(service)["as_of"] == now.isoformat()


@pytest.mark.parametrize("used", [False, True])
def test_a_paper_that_was_removed_is_known_no_more(
    service: ServiceUnderTest, *, used: bool
) -> None:
    subject, removed = f"all/{PAPER}", paper(removed=True)
    service.deliver("paper.changed.v1", subject, paper())
    if used:
        service.deliver("entries.changed.v1", SHEET, entries(entry("0001")))
    service.deliver("paper.changed.v1", subject, removed, sequence=9)
    service.deliver("paper.changed.v1", subject, paper(), sequence=8)
    with service.transaction() as session:
        assert len(rows_of(session, Paper)) == used
