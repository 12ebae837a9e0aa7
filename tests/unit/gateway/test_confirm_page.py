"""Password and code asked for once more, and what was typed sent after it."""

from flask import Response

from tests.support.gateway import Browser, FakeServices, problem

USER = "/centres/68101/users/u2"
API = "/api/identity/centres/68101/users/u2"
PROOF = "/api/identity/me/reauthentication"
MEMBER = {
    "id": "u2",
    "email": "dewi@bryn.example",
    "first_name": "Dewi",
    "last_name": "Ábel",
    "account_type": "user",
    "iamis": False,
    "language": "en",
    "status": "active",
    "restrictions": {"qualifications": [], "papers": [], "teaching_sets": []},
}
GIVEN = {"action": "access", "account_type": "admin"}


def _sent(browser: Browser, fake: FakeServices) -> str:
    browser.sign_in()
    fake.says("GET", API, MEMBER)
    fake.answers["PATCH", API] = problem(403, "reauthentication-required")
    return str(browser.submit(USER, **GIVEN).location)


def test_the_form_waits_and_is_sent_afterwards(browser: Browser, fake: FakeServices) -> None:
    asked = _sent(browser, fake)
    assert asked.startswith("/account/confirm?next=/continue/")
    page = browser.get(asked)
    assert 'autocomplete="one-time-code"' in page.text
    fake.answers["POST", PROOF] = Response(status=204)
    way = asked.partition("next=")[2]
    proven = browser.submit(
        "/account/confirm", page=asked, password="secret", code="123 456", next=way
    )
    assert proven.location == way
    assert fake.asked(PROOF)[-1].body == b'{"code": "123456", "password": "secret"}'
    assert 'name="account_type" value="admin"' in browser.get(way).text
    sent = browser.submit(way, **GIVEN)
    assert (sent.status_code, sent.location) == (307, USER)


def test_what_is_wrong_is_said_and_the_way_is_kept(browser: Browser, fake: FakeServices) -> None:
    asked = _sent(browser, fake)
    body = {"detail": "The code is not right.", "errors": [{"pointer": "/code", "detail": "no"}]}
    fake.says("POST", PROOF, body, 422)
    way = asked.partition("next=")[2]
    again = browser.submit("/account/confirm", page=asked, password="x", code="1", next=way)
    assert again.status_code == 200
    assert "The code is not right." in again.text
    assert f'name="next" value="{way}"' in again.text


def test_only_pages_of_ours_are_come_back_to(browser: Browser, fake: FakeServices) -> None:
    browser.sign_in()
    fake.answers["POST", PROOF] = Response(status=204)
    elsewhere = "https://elsewhere.example/"
    proven = browser.submit("/account/confirm", password="x", code="1", next=elsewhere)
    assert proven.location == "/centres/68101/papers"
