"""Reports, and somebody who is restricted to teaching sets."""

from typing import Any

import pytest

from tests.support.service import ServiceUnderTest, admin_of, teacher_of_sets
from tests.unit.reports.builders import CENTRE, DETAILS, LIST, enter, entries, entry, mark, submit
from tests.unit.reports.builders import SHEET as SUBJECT

NIA = teacher_of_sets(CENTRE, "10A")


@pytest.fixture
def entered(service: ServiceUnderTest) -> ServiceUnderTest:
    enter(service, entry("0001", teaching_set="10A"), entry("0002", teaching_set="10B"))
    submit(service, mark("0001", 1, 2), mark("0002", 3, 4))
    return service


def numbers(service: ServiceUnderTest, who: Any = NIA) -> list[str]:
    answer = service.call("GET", DETAILS, who)
    assert answer.status_code == 200
    return [row["candidate_no"] for row in (answer.json or {})["rows"]]


def test_the_report_has_no_others_in_any_format(entered: ServiceUnderTest) -> None:
    assert numbers(entered) == ["0001"]
    assert numbers(entered, admin_of(CENTRE)) == ["0001", "0002"]
    for kind in ("html", "csv"):
        text = entered.call("GET", f"{DETAILS}?format={kind}", NIA).text
        assert ("SURNAME0001" in text, "SURNAME0002" in text) == (True, False)


def test_the_list_has_papers_with_candidates_of_theirs(entered: ServiceUnderTest) -> None:
    def listed(who: Any) -> int:
        return len((entered.call("GET", LIST, who).json or {})["papers"])

    assert (listed(NIA), listed(teacher_of_sets(CENTRE, "10C"))) == (1, 0)


def test_who_changes_set_changes_hands(entered: ServiceUnderTest) -> None:
    moved = entries(entry("0002", "changed", teaching_set="10A"), entry("0001", teaching_set="10B"))
    entered.deliver("entries.changed.v1", SUBJECT, moved)
    assert numbers(entered) == ["0002"]
