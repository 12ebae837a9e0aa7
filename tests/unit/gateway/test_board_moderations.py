"""The board's list of moderations where it is empty."""

import pytest

from tests.support.gateway import BOARD_STAFF, Browser, FakeServices


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("completed", "is waiting for a decision"),
        ("open", "with a moderator"),
        ("approved", "approved yet"),
    ],
)
def test_an_empty_list_says_what_would_be_in_it(
    browser: Browser, fake: FakeServices, state: str, said: str
) -> None:
    nothing = {"moderations": [], "total": 0, "page": 1, "rows": 20}
    fake.says("GET", "/api/sampling/moderations", nothing)
    page = browser.sign_in(BOARD_STAFF).get(f"/board/moderations?state={state}").text
    assert f"{said}. It appears here once" in page
