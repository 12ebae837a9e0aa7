"""Answering the invitations of centres, on the pages."""

import pytest
from flask import Response

from tests.support.gateway import TEACHER, Browser, FakeServices, problem

MINE = "/api/identity/me/invitations"
ONE = f"{MINE}/68102"
WAITING = {
    "invitations": [{"centre_no": "68102", "name": "Hill <i>School", "account_type": "user"}]
}


def test_whoever_is_invited_is_led_there_by_signing_in(
    browser: Browser, fake: FakeServices
) -> None:
    answer = browser.finish_sign_in(TEACHER | {"invitations": 1})
    assert answer.location == "/account/invitations"
    fake.says("GET", MINE, WAITING)
    page = browser.get("/account/invitations").text
    assert "Hill &lt;i&gt;School" in page
    assert "Centre 68102 invites you." in page


def test_whoever_is_not_comes_to_their_work(browser: Browser) -> None:
    answer = browser.finish_sign_in(TEACHER | {"invitations": 0})
    assert answer.location == "/centres/68101/papers"


@pytest.mark.parametrize(("said", "method"), [("accept", "POST"), ("decline", "DELETE")])
def test_an_answer_is_handed_on(
    browser: Browser, fake: FakeServices, said: str, method: str
) -> None:
    browser.sign_in()
    fake.says("GET", MINE, WAITING)
    fake.answers[method, ONE] = Response(status=204) if method == "DELETE" else Response("{}")
    sent = browser.submit("/account/invitations", centre_no="68102", answer=said)
    assert sent.location == "/account/invitations"
    assert [seen.method for seen in fake.asked(ONE)] == [method]


def test_what_is_no_answer_changes_nothing(browser: Browser, fake: FakeServices) -> None:
    browser.sign_in()
    fake.says("GET", MINE, WAITING)
    sent = browser.submit("/account/invitations", centre_no="68102", answer="?")
    assert sent.status_code == 303
    assert fake.asked(ONE) == []


def test_an_invitation_that_is_gone_is_told(browser: Browser, fake: FakeServices) -> None:
    browser.sign_in()
    fake.says("GET", MINE, WAITING)
    fake.answers["POST", ONE] = problem(404, "not-found")
    sent = browser.submit("/account/invitations", centre_no="68102", answer="accept")
    assert sent.status_code == 404


def test_without_identity_the_page_says_so(browser: Browser, fake: FakeServices) -> None:
    browser.sign_in()
    fake.answers["GET", MINE] = problem(503, "unavailable")
    page = browser.get("/account/invitations")
    assert page.status_code == 200
    assert "The list of your invitations" in page.text


def test_the_account_leads_there(browser: Browser) -> None:
    assert 'href="/account/invitations"' in browser.sign_in().get("/account").text
