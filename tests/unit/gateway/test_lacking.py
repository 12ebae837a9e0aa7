"""Who lacks evidence is told where a centre, and a moderator, see their papers."""

import pytest

from tests.support.gateway import APPOINTEE, TEACHER, Browser, FakeServices, problem
from tests.support.sheet_answers import CENTRE, PAGES, Json
from tests.unit.gateway.test_evidence_page import seen
from tests.unit.gateway.test_menu import PAPER, SUBMITTED

HERE = f"{PAGES}/evidence"


@pytest.mark.parametrize(
    ("user", "list_of", "asked"),
    [
        (TEACHER, f"/centres/{CENTRE}/papers", f"/api/uploads/centres/{CENTRE}/lacking"),
        (APPOINTEE, "/allocations", "/api/uploads/lacking"),
    ],
)
def test_lists_of_papers_tell_how_many_lack_evidence(
    browser: Browser, fake: FakeServices, user: Json, list_of: str, asked: str
) -> None:
    submitted = PAPER | SUBMITTED | {"centre_no": CENTRE, "upload": "candidate"}
    marks = f"/api/marks{list_of}"
    fake.says("GET", marks, {"papers": [submitted], "awaiting": 0})
    lack = {"candidate_no": "1001", "missing": []}
    sheets = [{"centre_no": CENTRE, "paper_id": "p1", "candidates": [lack], "group": True}]
    fake.says("GET", "/api/sampling/moderations", {"moderations": []})
    fake.says("GET", asked, {"sheets": sheets, "total": 1})
    page = seen(browser.sign_in(user), list_of)
    said = "1 candidate and the group still lack evidence"
    assert f'<a class="paper-news" href="{HERE}">{said}<span' in page
    fake.answers["GET", asked] = problem(503, "unavailable")
    page = seen(browser, list_of)
    assert (submitted["full_title"] in page, "lack evidence" in page) == (True, False)
