"""The notice on a marksheet of who was entered late and who was withdrawn."""

from datetime import timedelta
from typing import Any

import pytest

from services.marks.queries.late import TOLD, late_changes
from shared import clock
from tests.support.service import BOARD, ServiceUnderTest, admin_of
from tests.unit.marks.builders import CENTRE, get, make_paper, make_sheet

HEAD = (
    "series,qualification,centre_no,paper_code,candidate_no,uci,surname,forenames,dob,"
    "teaching_set,action"
)
LINE = "JUNE 2031,GCSE,68101,3700U1,{},,NAME,Siân,2015-03-29,{},{}"


def load(marks: ServiceUnderTest, *numbers: str, action: str = "A", of_set: str = "10A") -> None:
    text = "\n".join([HEAD, *(LINE.format(number, of_set, action) for number in numbers)])
    headers = {"Content-Type": "text/csv"}
    raw = text.encode()
    done = marks.call("POST", "/api/marks/imports/entries", BOARD, data=raw, headers=headers)
    assert done.status_code == 200


def late(marks: ServiceUnderTest, paper_id: str, query: str = "") -> Any:
    path = f"/api/marks/centres/{CENTRE}/papers/{paper_id}/marksheet{query}"
    return get(marks, path, admin_of(CENTRE))["late"]


def test_the_first_entries_are_no_news(marks: ServiceUnderTest) -> None:
    paper_id = make_paper(marks)
    load(marks, "0001", "0002")
    assert late(marks, paper_id) == {"added": [], "withdrawn": [], "days": 14}


def test_who_comes_later_and_who_goes_is_told(marks: ServiceUnderTest) -> None:
    paper_id = make_paper(marks)
    load(marks, "0001", "0002", "0003")
    load(marks, "0004")
    load(marks, "0002", action="W")
    assert late(marks, paper_id) == {"added": ["0004"], "withdrawn": ["0002"], "days": 14}
    load(marks, "0004", action="W")
    load(marks, "0002", "0003", of_set="11C")
    assert late(marks, paper_id) == {"added": ["0002"], "withdrawn": ["0004"], "days": 14}


def test_beside_those_of_before_that_was_kept_all_are_late(marks: ServiceUnderTest) -> None:
    paper_id = make_paper(marks)
    make_sheet(marks, paper_id, "0001")
    load(marks, "0002")
    assert late(marks, paper_id)["added"] == ["0002"]


def test_after_some_days_it_is_told_no_more(
    marks: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper_id = make_paper(marks)
    load(marks, "0001")
    load(marks, "0002")
    load(marks, "0001", action="W")
    later = clock.now() + TOLD + timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    with marks.transaction() as session:
        told = late_changes(session, CENTRE, paper_id, None)
    assert (told["added"], told["withdrawn"]) == ([], [])


def test_who_asks_for_changes_only_is_told_nothing(marks: ServiceUnderTest) -> None:
    paper_id = make_paper(marks)
    load(marks, "0001")
    load(marks, "0002")
    assert late(marks, paper_id, "?changed_since=0") is None
