"""That a moderator's report is given back is told once, with the return itself."""

import pytest

from shared.access.principal import Principal
from tests.support.service import BOARD, MODERATOR, ServiceUnderTest, principal
from tests.unit.reports.attaching import added
from tests.unit.reports.builders import CENTRE, PAPER, SHEET
from tests.unit.reports.test_approval import APPROVED, RETURNED, approval, decide
from tests.unit.reports.test_moderator_report import PAST, submitted, write

GIVEN_BACK = "moderator_report.returned.v1"
ANOTHER = principal("appointee", user_id="appointee-2")


def test_it_is_told_once_and_says_no_reason(written: ServiceUnderTest) -> None:
    answer = decide(written, RETURNED).json or {}
    (event,) = written.emitted(GIVEN_BACK)
    assert event.subject == SHEET
    assert event.data == {
        "centre_no": CENTRE,
        "paper_id": PAPER,
        "version": answer["version"],
        "written_by": MODERATOR.user_id,
        "returned_by": BOARD.user_id,
        "returned_at": answer["approval"]["at"],
    }


def test_nothing_else_tells_of_it(written: ServiceUnderTest) -> None:
    decide(written, APPROVED)
    assert written.emitted(GIVEN_BACK) == []
    decide(written, RETURNED)
    added(written)
    write(written)
    assert len(written.emitted(GIVEN_BACK)) == 1


def test_each_return_is_told(written: ServiceUnderTest) -> None:
    decide(written, RETURNED)
    write(written)
    decide(written, RETURNED | {"version": 3})
    told = written.emitted(GIVEN_BACK)
    assert [event.data["version"] for event in told] == [2, 4]
    assert told[0].sequence < told[1].sequence


@pytest.mark.parametrize("who", [MODERATOR, ANOTHER])
def test_it_names_who_wrote_last(written: ServiceUnderTest, who: Principal) -> None:
    written.allocate(CENTRE, PAPER, ANOTHER)
    write(written, who)
    decide(written, RETURNED | {"version": 2})
    (event,) = written.emitted(GIVEN_BACK)
    assert event.data["written_by"] == who.user_id


def test_a_refused_return_is_not_told(service: ServiceUnderTest) -> None:
    submitted(service, PAST)
    write(service)
    assert decide(service, RETURNED).status_code == 409
    assert decide(service, RETURNED | {"version": 2}).status_code == 409
    assert decide(service, RETURNED | {"comment": ""}).status_code == 422
    assert service.emitted(GIVEN_BACK) == []


@pytest.mark.parametrize("step", ["emit", "moderator_report_json"])
def test_the_return_and_its_event_stand_or_fall_together(
    written: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def fail(*_given: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(f"services.reports.commands.moderator_reports.{step}", fail)
    assert decide(written, RETURNED).status_code == 500
    assert approval(written) == {"state": "waiting"}
    assert written.emitted(GIVEN_BACK) == []
