"""Days and instants as JSON bodies hold them."""

from datetime import UTC, date, datetime

import pytest
from pydantic import BaseModel, ConfigDict, ValidationError

from shared.web.fields import Day, Flag, Instant


class Body(BaseModel):
    model_config = ConfigDict(strict=True)

    day: Day | None = None
    at: Instant | None = None


def test_a_day_is_read() -> None:
    assert Body.model_validate({"day": "2032-02-29"}).day == date(2032, 2, 29)


NOT_DAYS = (
    "2031-02-29",
    "20310510",
    "2031-W19-6",
    "2031-05-10T00:00:00",
    "\u0662\u0660\u0663\u0661-05-10",
    " 2031-05-10",
    "",
    0,
    1.5,
    True,
    ["2031-05-10"],
)


@pytest.mark.parametrize("day", NOT_DAYS)
def test_nothing_else_is_a_day(day: object) -> None:
    with pytest.raises(ValidationError) as refused:
        Body.model_validate({"day": day})
    assert refused.value.errors()[0]["type"] == "date_parsing"


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2031-08-21T08:00:00+01:00", datetime(2031, 8, 21, 7, tzinfo=UTC)),
        ("2031-08-21t07:00:00z", datetime(2031, 8, 21, 7, tzinfo=UTC)),
        ("2031-08-21T07:00:00.25Z", datetime(2031, 8, 21, 7, 0, 0, 250_000, tzinfo=UTC)),
        ("2031-08-21T07:00:00.1234567899Z", datetime(2031, 8, 21, 7, 0, 0, 123_456, tzinfo=UTC)),
        (f"2031-08-21T07:00:00.{'9' * 100}Z", datetime(2031, 8, 21, 7, 0, 0, 999_999, tzinfo=UTC)),
        ("2031-08-20T23:30:00-07:30", datetime(2031, 8, 21, 7, tzinfo=UTC)),
    ],
)
def test_an_instant_is_read_as_utc(text: str, instant: datetime) -> None:
    read = Body.model_validate({"at": text}).at
    assert read == instant
    assert read is not None
    assert read.tzinfo is UTC


NOT_INSTANTS = (
    "now",
    "2031-08-21",
    "2031-08-21T07:00:00",
    "2031-08-21T07:00Z",
    "2031-08-21T07:00:00.Z",
    f"2031-08-21T07:00:00.{'9' * 101}Z",
    "2031-08-21 07:00:00Z",
    "2031-02-30T07:00:00Z",
    "2031-08-21T24:00:00Z",
    "2031-08-21T07:00:00+25:00",
    "0001-01-01T00:00:00+01:00",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59-01:00",
    1_945_000_000,
)


@pytest.mark.parametrize("at", NOT_INSTANTS)
def test_nothing_else_is_an_instant(at: object) -> None:
    with pytest.raises(ValidationError) as refused:
        Body.model_validate({"at": at})
    assert refused.value.errors()[0]["type"] == "datetime_parsing"


class Query(BaseModel):
    dry_run: Flag = False


@pytest.mark.parametrize("given", ["", "true", "True", "1"])
def test_a_switch_that_is_named_is_set(given: str) -> None:
    assert Query.model_validate({"dry_run": given}).dry_run


def test_a_switch_is_off_where_it_says_so_or_is_not_named() -> None:
    assert not Query.model_validate({"dry_run": "false"}).dry_run
    assert not Query.model_validate({}).dry_run


def test_a_switch_is_no_word() -> None:
    with pytest.raises(ValidationError):
        Query.model_validate({"dry_run": "perhaps"})
