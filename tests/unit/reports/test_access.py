"""Who may read reports, and what the others are told."""

import pytest

from shared.access.principal import Principal
from tests.support.service import (
    BOARD,
    MODERATOR,
    ServiceUnderTest,
    admin_of,
    principal,
    teacher_of,
)
from tests.unit.reports.builders import (
    CENTRE,
    DETAILS,
    LIST,
    PAPER,
    SHEET,
    enter,
    entries,
    entry,
    mark,
    submit,
)

ALLOCATED = MODERATOR
NOT_ALLOCATED = principal("appointee", user_id="appointee-2")
ELSEWHERE = admin_of("68102")
WITHOUT_IAMIS = teacher_of(CENTRE, iamis=False)


def status(service: ServiceUnderTest, who: Principal | None, path: str = DETAILS) -> int:
    return service.call("GET", path, who).status_code


@pytest.mark.parametrize(
    ("who", "before", "after"),
    [
        (None, 401, 401),
        (admin_of(CENTRE), 200, 200),
        (teacher_of(CENTRE), 200, 200),
        (WITHOUT_IAMIS, 403, 403),
        (ELSEWHERE, 404, 404),
        (ALLOCATED, 404, 200),
        (NOT_ALLOCATED, 404, 404),
        (BOARD, 200, 200),
    ],
)
def test_the_report_before_and_after_the_submission(
    service: ServiceUnderTest, who: Principal | None, before: int, after: int
) -> None:
    enter(service, entry("0001"))
    service.allocate(CENTRE, PAPER, ALLOCATED)
    assert status(service, who) == before
    submit(service, mark("0001", 1, 1))
    assert status(service, who) == after


def test_a_moderator_is_told_of_no_late_entry(service: ServiceUnderTest) -> None:
    enter(service, entry("0001"), entry("0011"))
    service.allocate(CENTRE, PAPER, ALLOCATED)
    submit(service, mark("0001", 1, 1))
    assert told(service, ALLOCATED) == ["0001"]
    assert told(service, admin_of(CENTRE)) == told(service, BOARD) == ["0001", "0011"]
    for form in ("html", "csv"):
        text = service.call("GET", f"{DETAILS}?format={form}", ALLOCATED).get_data(as_text=True)
        assert ("SURNAME0001" in text, "SURNAME0011" in text) == (True, False)
    submit(service, mark("0011", 1, 1), kind="supplementary")
    assert told(service, ALLOCATED) == ["0001", "0011"]


def told(service: ServiceUnderTest, who: Principal) -> list[str]:
    """The candidates of the report."""
    report = service.call("GET", DETAILS, who).json or {}
    return [row["candidate_no"] for row in report["rows"]]


@pytest.mark.parametrize("who", [admin_of(CENTRE), BOARD])
def test_a_paper_without_entries_of_the_centre_is_not_there(
    service: ServiceUnderTest, who: Principal
) -> None:
    assert status(service, who) == 404
    enter(service, entry("0001"))
    assert status(service, who, DETAILS.replace(CENTRE, "68199")) == 404
    service.deliver("entries.changed.v1", SHEET, entries(entry("0001", "withdrawn")))
    assert status(service, who) == 404


def test_entries_heard_of_before_their_paper_wait_for_it(service: ServiceUnderTest) -> None:
    service.deliver("entries.changed.v1", SHEET, entries(entry("0001")))
    assert status(service, admin_of(CENTRE)) == 404
    listed = service.call("GET", LIST, admin_of(CENTRE)).json or {}
    assert (listed["papers"], bool(listed["as_of"])) == ([], True)


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        (None, 401),
        (admin_of(CENTRE), 200),
        (teacher_of(CENTRE), 200),
        (WITHOUT_IAMIS, 403),
        (ELSEWHERE, 404),
        (ALLOCATED, 404),
        (BOARD, 200),
    ],
)
def test_the_list(service: ServiceUnderTest, who: Principal | None, expected: int) -> None:
    enter(service, entry("0001"))
    service.allocate(CENTRE, PAPER, ALLOCATED)
    assert status(service, who, LIST) == expected
