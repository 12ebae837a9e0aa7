"""Where documents are set: not without bound."""

from contextlib import ExitStack

import pytest

from services.reports.render import press
from tests.support.service import ServiceUnderTest, admin_of
from tests.unit.reports.builders import CENTRE, DETAILS, enter, entry
from tests.unit.reports.pdf import text_of


def test_when_too_many_wait_the_next_is_told_to_come_again(service: ServiceUnderTest) -> None:
    enter(service, entry("0001"))
    with ExitStack() as taken:
        for _each in range(press.PLACES):
            taken.enter_context(press.place())
        refused = service.call("GET", f"{DETAILS}?format=pdf", admin_of(CENTRE))
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
        assert (refused.json or {})["type"] == "urn:iamis:problem:reports-full"
        assert service.call("GET", DETAILS, admin_of(CENTRE)).status_code == 200
    assert service.call("GET", f"{DETAILS}?format=pdf", admin_of(CENTRE)).status_code == 200


@pytest.mark.parametrize(
    "surname", ["王小明", "สมชาย", "김", "JO😀NES", "JO\ufffeNES", "JO\U000e0fffNES"]
)
def test_a_name_that_no_font_of_ours_has_keeps_no_report_from_being_set(
    service: ServiceUnderTest, surname: str
) -> None:
    enter(service, entry("0001", surname=surname), entry("0002", surname="LLWYD"))
    answer = service.call("GET", f"{DETAILS}?format=pdf", admin_of(CENTRE))
    assert answer.status_code == 200
    (page,) = text_of(answer.data)
    assert "0001" in page
    assert "LLWYD : Siân" in page
