"""Whoever was withdrawn after the sample was made: no evidence and no mark of theirs is awaited."""

from html import unescape

from tests.support.gateway import APPOINTEE, Browser, FakeServices
from tests.support.sheet_answers import PAGES, SheetAnswers, candidate, sample, sampled, sheet
from tests.unit.gateway.test_moderation_page import MODERATION, compared, moderation


def test_the_sample_awaits_no_evidence_of_theirs(browser: Browser, answers: SheetAnswers) -> None:
    answers.sample(sample(sampled("1001"), sampled("1002")))
    answers.sheet(sheet(candidate("1001", withdrawn=True), candidate("1002")))
    page = browser.sign_in().get(f"{PAGES}/sample").text
    assert "1 candidate still lacks evidence:" in page
    assert f'href="{PAGES}/evidence#c1001">0</a>' in page
    assert f'href="{PAGES}/evidence#c1002">still lacks evidence</a>' in page


def test_the_moderator_is_told_why_there_is_nothing_to_be_marked(
    browser: Browser, fake: FakeServices, answers: SheetAnswers
) -> None:
    answers.sheet(sheet(candidate("1001", withdrawn=True), candidate("1002")))
    of_nobody = compared("1001", tasks=None, total=None)
    fake.says("GET", MODERATION, moderation(of_nobody, compared("1002")))
    page = unescape(browser.sign_in(APPOINTEE).get(f"{PAGES}/moderation").text)
    assert "SIÂN 1001 (withdrawn)" in page
    assert "SIÂN 1002 (withdrawn)" not in page
    assert 'name="task-0-1001"' not in page
    assert 'name="task-0-1002"' in page
