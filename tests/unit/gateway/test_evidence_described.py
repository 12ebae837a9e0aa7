"""What a file is, changed on a page of its own; and what of the quota is used."""

from html import unescape
from typing import Any

import pytest

from tests.support.gateway import APPOINTEE, Browser, FakeServices, problem
from tests.support.sheet_answers import (
    PAGES,
    UPLOADS,
    SheetAnswers,
    candidate,
    file,
    files,
    paper,
    posted,
    sample,
    sampled,
    sheet,
)

HERE = f"{PAGES}/evidence"
PIECES = ["Case Study <1>", "Question set"]
AT = f"{UPLOADS}/candidates/1001/files/f1"
DESCRIBE = f"{HERE}/1001/f1/describe"
GROUP_AT = f"{UPLOADS}/group-files/f1"
GROUP_DESCRIBE = f"{HERE}/group/f1/describe"


def seen(browser: Browser, path: str = HERE) -> str:
    page = browser.get(path)
    assert page.status_code == 200
    return " ".join(unescape(page.text).split())


@pytest.fixture
def of_group(answers: SheetAnswers) -> SheetAnswers:
    answers.paper(paper(upload="group", evidence_pieces=PIECES))
    answers.sample(sample(sampled("1001"), sampled("1002")))
    answers.sheet(sheet(candidate("1001"), candidate("1002")))
    own = file("f1", piece=PIECES[1], exemption=True)
    answers.files(files([file("f1", candidates=["1002"])], c1001=[own], c1002=[]))
    return answers


def test_a_file_is_described_anew(
    browser: Browser, of_group: SheetAnswers, fake: FakeServices
) -> None:
    del of_group
    browser.sign_in()
    assert f'href="{DESCRIBE}"' in seen(browser)
    raw = browser.get(DESCRIBE).text
    assert "<b>" not in raw
    form = " ".join(unescape(raw).split())
    assert "<option selected>Question set</option>" in form
    assert 'name="exemption" value="yes" checked' in form
    assert 'name="candidates"' not in form
    fake.says("PATCH", AT, file("f1", piece=PIECES[0]))
    done = browser.submit(DESCRIBE, piece=PIECES[0])
    assert (done.status_code, done.location) == (303, f"{HERE}#c1001")
    assert posted(fake, AT, "PATCH") == {"piece": PIECES[0], "exemption": False}
    assert "has been changed" in seen(browser)


def test_whom_a_file_of_the_group_is_about_is_changed(
    browser: Browser, of_group: SheetAnswers, fake: FakeServices
) -> None:
    del of_group
    browser.sign_in()
    form = seen(browser, GROUP_DESCRIBE)
    assert 'name="candidates" value="1002" checked' in form
    assert 'name="candidates" value="1001">' in form
    assert '<option value="" selected>' in form
    fake.says("PATCH", GROUP_AT, file("f1"))
    browser.submit(GROUP_DESCRIBE, piece="", exemption="yes", candidates="1001")
    assert posted(fake, GROUP_AT, "PATCH") == {
        "piece": None,
        "exemption": True,
        "candidates": ["1001"],
    }


@pytest.mark.parametrize("drawn", [["1001"], []])
def test_whom_it_is_about_stays_ticked_though_the_sample_has_them_no_more(
    browser: Browser, answers: SheetAnswers, fake: FakeServices, drawn: list[str]
) -> None:
    answers.paper(paper(upload="group", evidence_pieces=PIECES))
    answers.sample(sample(*map(sampled, drawn)))
    answers.sheet(sheet(*map(candidate, drawn)))
    of_drawn: dict[str, Any] = {f"c{number}": [] for number in drawn}
    answers.files(files([file("f1", candidates=["0005"])], **of_drawn))
    browser.sign_in()
    form = seen(browser, GROUP_DESCRIBE)
    assert 'name="candidates" value="0005" checked' in form
    assert "0005 (no longer in the sample)" in form
    assert 'value="0005"' not in seen(browser)
    fake.says("PATCH", GROUP_AT, file("f1"))
    browser.submit(GROUP_DESCRIBE, piece=PIECES[0], candidates="0005")
    assert posted(fake, GROUP_AT, "PATCH")["candidates"] == ["0005"]


def test_where_it_is_refused_the_reason_is_told(
    browser: Browser, of_group: SheetAnswers, fake: FakeServices
) -> None:
    del of_group
    browser.sign_in()
    fake.answers["PATCH", AT] = problem(409, "evidence-closed")
    browser.submit(DESCRIBE, piece="")
    assert "The file is as it was: refused: evidence-closed" in seen(browser)


@pytest.mark.parametrize("gone", [f"{HERE}/1001/f9/describe", f"{HERE}/1009/f1/describe"])
@pytest.mark.usefixtures("of_group")
def test_a_file_that_is_not_there_is_not_found(browser: Browser, gone: str) -> None:
    browser.sign_in()
    assert browser.get(gone).status_code == 404


@pytest.mark.usefixtures("two_sampled")
def test_without_pieces_or_a_group_there_is_nothing_to_change(browser: Browser) -> None:
    assert "/describe" not in seen(browser.sign_in())


@pytest.mark.usefixtures("of_group")
def test_who_only_looks_changes_nothing(browser: Browser) -> None:
    assert "/describe" not in seen(browser.sign_in(APPOINTEE))


@pytest.mark.parametrize(
    ("user", "allowed", "told"),
    [
        (None, 200 * 10**9, "takes 12 GB of 200 GB."),
        (None, None, ""),
        (APPOINTEE, 200 * 10**9, ""),
    ],
)
def test_the_page_tells_the_centre_what_of_the_quota_is_used(
    browser: Browser, answers: SheetAnswers, user: object, allowed: int | None, told: str
) -> None:
    answers.sample(sample(sampled("1001")))
    answers.sheet(sheet(candidate("1001")))
    quota = {"quota": {"used": 12 * 10**9, "allowed": allowed}}
    answers.files(files(c1001=[]) | quota)
    page = seen(browser.sign_in(user))
    assert ('id="evidence-quota"' in page) is bool(told)
    assert told in page


@pytest.mark.parametrize(("used", "warned"), [(89, False), (90, True), (100, True)])
def test_the_centre_is_warned_before_there_is_no_room_left(
    browser: Browser, answers: SheetAnswers, used: int, *, warned: bool
) -> None:
    answers.sample(sample(sampled("1001")))
    answers.sheet(sheet(candidate("1001")))
    answers.files(files(c1001=[]) | {"quota": {"used": used, "allowed": 100}})
    assert ("Little room is left for evidence." in seen(browser.sign_in())) is warned
