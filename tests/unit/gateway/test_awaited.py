"""What a paper waits for is what the pages say: other papers, other centres, a later deadline."""

import pytest

from tests.support.gateway import APPOINTEE, Browser, FakeServices
from tests.support.sheet_answers import (
    PAGES,
    Json,
    SheetAnswers,
    paper,
    readiness,
    receipt,
    sample,
)
from tests.unit.gateway.sheets import ONE_TASK, PAGE, lay_down, marked
from tests.unit.gateway.test_menu import PAPER, SUBMITTED

HERE = f"{PAGES}/submission"
LINKED = "This paper is linked to another."
CONSORTIUM = "This paper is sampled together with other centres of your consortium."
BUTTON = "Submit marks and generate sample</button>"


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        ([paper(id="p2", submitted=0)], LINKED),
        ([paper(id="p2", submitted=3), paper(id="p3", submitted=0)], CONSORTIUM),
        ([paper(id="p3", submitted=0)], LINKED),
    ],
    ids=["a linked paper", "all linked papers are in", "the linked paper is not seen"],
)
def test_a_sample_waits_for_linked_papers_and_then_for_other_centres(
    browser: Browser, fake: FakeServices, answers: SheetAnswers, listed: list[Json], said: str
) -> None:
    answers.paper(paper(linked=["p2"]))
    answers.readiness(readiness(ready=False, candidates=0, receipt=receipt()))
    fake.says("GET", "/api/marks/centres/68101/papers", {"papers": listed})
    answers.sample(sample(state="waiting"))
    page = browser.sign_in().get(HERE).text
    assert [one for one in (LINKED, CONSORTIUM) if one in page] == [said]


def test_a_moderators_list_says_what_a_sample_may_wait_for(
    browser: Browser, fake: FakeServices
) -> None:
    listed = PAPER | SUBMITTED | {"centre_no": "68101"}
    fake.says("GET", "/api/marks/allocations", {"papers": [listed], "awaiting": 0})
    work = {"centre_no": "68101", "paper_id": "p1", "sample": "waiting", "state": "open"}
    work |= {"results_day": "2031-08-20T23:30:00+00:00", "due": ""}
    fake.says("GET", "/api/sampling/moderations", {"moderations": [work]})
    page = browser.sign_in(APPOINTEE).get("/allocations").text
    assert "The sample waits for a linked paper or another centre" in page


@pytest.mark.parametrize("closed", [False, True])
def test_a_deadline_that_has_passed_is_said_before_anything_is_sent(
    browser: Browser, answers: SheetAnswers, *, closed: bool
) -> None:
    answers.paper(paper(deadline_passed=True, closed=closed))
    answers.readiness(readiness())
    page = browser.sign_in().get(HERE).text
    assert "The deadline for these marks has passed." in page
    assert f'<a class="alert-link" href="{PAGES}/requests">Ask for a later deadline</a>' in page
    assert (BUTTON in page) != closed


def test_who_is_for_some_sets_only_is_not_sent_to_submit(
    browser: Browser, fake: FakeServices
) -> None:
    complete = {"state": "complete", "done": 1, "left": 0, "only_some_sets": True}
    lay_down(fake, ONE_TASK | complete, marked("1054", 9))
    page = browser.sign_in().get(PAGE).text
    assert "Your teaching sets are complete. Your exams officer submits." in page
    assert "Submit marks and generate samples" not in page
