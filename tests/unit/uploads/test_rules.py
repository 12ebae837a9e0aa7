"""When evidence may be uploaded and deleted, as a table."""

from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta

import pytest

from services.uploads.domain.rules import (
    TO_END,
    Asked,
    Place,
    check_delete,
    check_upload,
    counted_at,
)
from shared.errors import ProblemError
from shared.i18n import in_language

LAST_DAY = date(2031, 5, 15)
# The end of 15 May in London, in summer time.
END = datetime(2031, 5, 15, 22, 59, 59, tzinfo=UTC)
MOMENT = timedelta(seconds=1)
REQUESTED_UNTIL = date(2031, 6, 1)
END_OF_REQUEST = datetime(2031, 6, 1, 22, 59, 59, tzinfo=UTC)
EARLY = date(2031, 5, 1)
GROUP = None
SAMPLE = {"1001": None, "1003": REQUESTED_UNTIL, "1005": EARLY}


def asked(upload: str = "group", *, sample: bool = True) -> Asked:
    return Asked(upload, LAST_DAY, SAMPLE if sample else None)


def status_of(error: pytest.ExceptionInfo[ProblemError]) -> tuple[int, str]:
    return error.value.status, error.value.type.removeprefix("urn:iamis:problem:")


@pytest.mark.parametrize(
    ("upload", "candidate_no", "now"),
    [
        ("candidate", "1001", END),
        ("group", "1001", END),
        ("group", GROUP, END),
        ("group", "1003", END_OF_REQUEST),
        ("group", "1005", END),
        ("group", GROUP, END_OF_REQUEST),
    ],
)
def test_an_upload_is_allowed(upload: str, candidate_no: str | None, now: datetime) -> None:
    check_upload(asked(upload), candidate_no, now)


@pytest.mark.parametrize(
    ("given", "candidate_no", "now", "refusal"),
    [
        (asked("none"), "1001", END, (409, "no-upload")),
        (asked("none"), GROUP, END, (409, "no-upload")),
        (asked("none", sample=False), "1001", END, (409, "no-upload")),
        (asked("candidate"), GROUP, END, (409, "no-group-upload")),
        (asked("candidate", sample=False), "1001", END, (409, "no-sample")),
        (asked("group", sample=False), GROUP, END, (409, "no-sample")),
        (asked("candidate"), "1002", END, (422, "outside-sample")),
        (asked("candidate"), "1002", END_OF_REQUEST, (422, "outside-sample")),
        (asked("candidate"), "1001", END + MOMENT, (409, "evidence-closed")),
        (asked("candidate"), "1001", END_OF_REQUEST, (409, "evidence-closed")),
        (asked("candidate"), "1003", END_OF_REQUEST + MOMENT, (409, "evidence-closed")),
        (asked("candidate"), "1005", END + MOMENT, (409, "evidence-closed")),
        (asked("group"), GROUP, END_OF_REQUEST + MOMENT, (409, "evidence-closed")),
    ],
)
def test_an_upload_is_refused(
    given: Asked, candidate_no: str | None, now: datetime, refusal: tuple[int, str]
) -> None:
    with pytest.raises(ProblemError) as error:
        check_upload(given, candidate_no, now)
    assert status_of(error) == refusal
    assert error.value.detail


def test_the_refusal_names_the_candidate_and_the_day() -> None:
    with pytest.raises(ProblemError, match="1002") as outside:
        check_upload(asked(), "1002", END)
    assert [field.pointer for field in outside.value.errors] == ["/candidate_no"]
    with pytest.raises(ProblemError, match="15/05/2031"):
        check_upload(asked(), "1001", END + MOMENT)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Evidence could be deleted until 15/05/2031."),
        ("cy", "Gellid dileu tystiolaeth tan 15/05/2031."),
    ],
)
def test_a_day_is_written_as_its_readers_do(language: str, said: str) -> None:
    with in_language(language), pytest.raises(ProblemError) as refusal:
        check_delete(asked(), "1001", END + MOMENT)
    assert refusal.value.detail == said


@pytest.mark.parametrize(
    ("begun", "ends", "in_time"),
    [
        (END, END, True),
        (END, END + TO_END, True),
        (END - 3 * TO_END, END + TO_END, True),
        (END, END + TO_END + MOMENT, False),
        (END + MOMENT, END + 2 * MOMENT, False),
    ],
)
def test_what_was_begun_in_time_may_end_a_little_later(
    begun: datetime, ends: datetime, *, in_time: bool
) -> None:
    with nullcontext() if in_time else pytest.raises(ProblemError):
        check_upload(asked(), "1001", counted_at(begun, ends))


@pytest.mark.parametrize(
    ("candidate_no", "until"), [("1001", END), ("1003", END_OF_REQUEST), (GROUP, END_OF_REQUEST)]
)
def test_a_file_can_be_deleted_as_long_as_it_could_be_uploaded(
    candidate_no: str | None, until: datetime
) -> None:
    check_delete(asked(), candidate_no, until)
    with pytest.raises(ProblemError) as error:
        check_delete(asked(), candidate_no, until + MOMENT)
    assert status_of(error) == (409, "evidence-closed")


@pytest.mark.parametrize(
    ("place", "named"),
    [
        (Place("68101", "p-1", "1001"), "68101/p-1/1001"),
        (Place("68101", "p-1"), "68101/p-1/group"),
    ],
)
def test_a_place_says_where_it_is(place: Place, named: str) -> None:
    assert str(place) == named
    assert place.sheet == "68101/p-1"
