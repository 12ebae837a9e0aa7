"""What became of a mark in moderation, in the report: from results day and not before."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from services.reports.commands.rebuilding import forget_all
from shared import clock
from tests.support.service import ServiceUnderTest, admin_of
from tests.unit.reports.builders import (
    CENTRE,
    DETAILS,
    SHEET,
    enter,
    entry,
    mark,
    reopened,
    sample,
    submission,
    submit,
)
from tests.unit.reports.builders import sheet as of_sheet
from tests.unit.reports.pdf import text_of

RESULTS_DAY = datetime.fromisoformat("2031-08-20T09:00:00+01:00")
SECOND = timedelta(seconds=1)
AT = "2031-07-02T12:00:00Z"


def decided(total: int) -> dict[str, Any]:
    settled = {
        "candidate_no": "0001",
        "from": {"total": 35, "outcome": None},
        "to": {"total": total, "outcome": None},
    }
    return of_sheet(
        outcome="adjusted",
        decided_by="board-1",
        decided_at="2031-07-01T12:00:00Z",
        release_at=RESULTS_DAY.isoformat(),
        marks=[settled],
    )


def row(service: ServiceUnderTest) -> Any:
    answer = service.call("GET", DETAILS, admin_of(CENTRE))
    assert answer.json is not None
    return answer.json["rows"][0]


@pytest.fixture
def service_with_marks(service: ServiceUnderTest) -> ServiceUnderTest:
    enter(service, entry("0001"))
    submit(service, mark("0001", 15, 20))
    return service


@pytest.mark.parametrize(
    ("now", "shown"),
    [(RESULTS_DAY - SECOND, None), (RESULTS_DAY, 0), (RESULTS_DAY + SECOND, 0)],
    ids=["before", "at", "after"],
)
def test_it_is_shown_from_results_day(
    service_with_marks: ServiceUnderTest,
    monkeypatch: pytest.MonkeyPatch,
    now: datetime,
    shown: int | None,
) -> None:
    service_with_marks.deliver("moderation.decided.v1", SHEET, decided(0))
    monkeypatch.setattr(clock, "now", lambda: now)
    assert row(service_with_marks)["moderated"] == shown
    assert row(service_with_marks)["mark"] == 35


@pytest.mark.parametrize(("now", "columns"), [(RESULTS_DAY - SECOND, 0), (RESULTS_DAY, 1)])
def test_every_format_has_a_column_of_it_then(
    service_with_marks: ServiceUnderTest,
    monkeypatch: pytest.MonkeyPatch,
    now: datetime,
    columns: int,
) -> None:
    service_with_marks.deliver("moderation.decided.v1", SHEET, decided(31))
    monkeypatch.setattr(clock, "now", lambda: now)

    def wanted(form: str) -> bytes:
        answer = service_with_marks.call("GET", f"{DETAILS}?format={form}", admin_of(CENTRE))
        assert answer.status_code == 200
        return bytes(answer.data)

    head, line, *_rest = wanted("csv").decode("utf-8-sig").splitlines()
    assert head.endswith(",moderated") == line.endswith(",31") == bool(columns)
    assert wanted("html").count(b">After moderation</th>") == columns
    assert " ".join(text_of(wanted("pdf"))).count("AB No 31") == columns
    assert wanted("xlsx")


def test_of_a_submission_undone_nothing_is_left(
    service_with_marks: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    service_with_marks.deliver("moderation.decided.v1", SHEET, decided(31), sequence=3)
    service_with_marks.deliver("submission.reopened.v1", SHEET, reopened(), sequence=9)
    monkeypatch.setattr(clock, "now", lambda: RESULTS_DAY)
    assert row(service_with_marks)["moderated"] is None


def test_an_undoing_heard_of_late_takes_nothing_of_what_is_newer(
    service_with_marks: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell = service_with_marks.deliver
    tell("marks.submitted.v1", SHEET, submission(mark("0001", 15, 20)), sequence=90)
    tell("sample.generated.v1", SHEET, sample(("0001", "system")))
    tell("moderation.decided.v1", SHEET, decided(31))
    tell("submission.reopened.v1", SHEET, reopened(), sequence=80)
    monkeypatch.setattr(clock, "now", lambda: RESULTS_DAY)
    assert (row(service_with_marks)["sample"], row(service_with_marks)["moderated"]) == ("Yes", 31)


@pytest.mark.parametrize("late", [False, True])
def test_what_was_given_back_is_never_shown(
    service_with_marks: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch, *, late: bool
) -> None:
    tell, returned = service_with_marks.deliver, of_sheet(returned_by="board-1", returned_at=AT)
    if not late:
        tell("moderation.decided.v1", SHEET, decided(31), sequence=8)
    tell("moderation.returned.v1", SHEET, returned, sequence=9)
    if late:
        tell("moderation.decided.v1", SHEET, decided(31), sequence=8)
    monkeypatch.setattr(clock, "now", lambda: RESULTS_DAY)
    assert row(service_with_marks)["moderated"] is None
    tell("moderation.decided.v1", SHEET, decided(30), sequence=10)
    assert row(service_with_marks)["moderated"] == 30


def test_it_is_told_again_with_the_sequence_it_had(
    service: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def tell() -> None:
        enter(service, entry("0001"))
        submit(service, mark("0001", 15, 20))
        service.deliver("moderation.decided.v1", SHEET, decided(31), sequence=8)

    tell()
    with service.transaction() as session:
        forget_all(session)
    tell()
    monkeypatch.setattr(clock, "now", lambda: RESULTS_DAY)
    assert row(service)["moderated"] == 31
