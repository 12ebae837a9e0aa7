"""The number of a receipt, as a screen of any width shows it."""

from tests.support.gateway import Browser
from tests.support.sheet_answers import PAGES, SheetAnswers, paper, readiness, receipt

SUBMISSION = f"{PAGES}/submission"


def test_the_number_of_the_receipt_is_grouped_and_has_no_spaces(
    browser: Browser, answers: SheetAnswers
) -> None:
    answers.paper(paper())
    answers.readiness(readiness(ready=False, candidates=0, receipt=receipt(id="0123abcd89")))
    page = browser.sign_in().get(SUBMISSION).text
    assert "<span>0123</span><wbr><span>abcd</span><wbr><span>89</span>" in page
