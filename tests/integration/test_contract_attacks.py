"""What an attacker tries on a whole stack, and what its owner notices of it."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from statistics import median
from typing import Any

import pyotp
import pytest
import urllib3

from tests.integration.conftest import Accounts, MakeSheet
from tests.support.api import Answer, Api
from tests.support.stack import Stack
from tests.support.waiting import wait_for

SIGN_IN = "/api/identity/sign-in"
REFRESH = "/api/identity/token/refresh"
GRACE_SECONDS = 30
GUESSES = 100
Told = tuple[int, dict[str, Any]]
Newcomer = Callable[[], dict[str, Any]]


def at(stack: Stack, address: str) -> Api:
    """A client of nobody's at another address of this machine."""
    pool = urllib3.PoolManager(timeout=30, retries=False, source_address=(address, 0))
    return Api(stack.base_url, pool=pool)


def sign_in(api: Api, account: dict[str, Any], steps_ahead: int = 0) -> Any:
    """A code is good once: who signs in again takes the next one, as a clock that is ahead."""
    given = {"email": account["email"], "password": account["password"]}
    challenge = api.post(SIGN_IN, given).expect(200)["challenge"]
    code = pyotp.TOTP(account["totp_secret"]).at(time.time(), counter_offset=steps_ahead)
    return api.post(f"{SIGN_IN}/totp", {"challenge": challenge, "code": code}).expect(200)


def told(answer: Answer) -> Told:
    """What a reader learns of a refusal; how long to wait is of the moment."""
    own = {"request_id", "detail"} if answer.status == 429 else {"request_id"}
    return answer.status, {name: said for name, said in answer.json.items() if name not in own}


@pytest.mark.long
def test_100_wrong_passwords_tell_nothing_and_stop_no_owner(
    stack: Stack, newcomer: Newcomer
) -> None:
    """The same status and body for who is there and who is not; the times are printed."""
    account, attacker = newcomer(), at(stack, "127.0.0.3")
    seconds: dict[str, list[float]] = {account["email"]: [], "nobody@bryn.example": []}
    answers: dict[str, list[Told]] = {email: [] for email in seconds}
    for _guess in range(GUESSES):
        for email, taken in seconds.items():
            began = time.perf_counter()
            answer = attacker.post(SIGN_IN, {"email": email, "password": "mynydd-afon-llyn"})
            taken.append(time.perf_counter() - began)
            answers[email].append(told(answer))
    known, unknown = answers.values()
    assert known == unknown
    assert {status for status, _body in known} == {401, 429}
    verified = sum(status == 401 for status, _body in known)
    for email, taken in zip(("known", "unknown"), seconds.values(), strict=True):
        print(f"{email}: {median(taken[:verified]) * 1000:.0f} ms of {verified} verified")
    session = sign_in(at(stack, "127.0.0.2"), account)
    assert session["user"]["email"] == account["email"]


@pytest.mark.long
def test_access_taken_away_refuses_the_next_mark(
    stack: Stack, accounts: Accounts, newcomer: Newcomer, make_sheet: MakeSheet
) -> None:
    """With a token that has minutes to live."""
    account, sheet = newcomer(), make_sheet(1)
    session = sign_in(Api(stack.base_url), account)
    teacher = sheet.seen_by(Api(stack.base_url, session["access_token"]))
    teacher.put("0001", {"tasks": [15]}).expect(200)
    user = f"/api/identity/centres/{accounts.centre_no}/users/{session['user']['id']}"
    accounts["admin"].call("PATCH", user, {"iamis": False}).expect(200)
    wait_for("the next mark is refused", lambda: _is_stale(teacher.put("0001", {"tasks": [16]})), 2)
    renewed = Api(stack.base_url).post(REFRESH, {"refresh_token": session["refresh_token"]})
    without = sheet.seen_by(Api(stack.base_url, renewed.expect(200)["access_token"]))
    assert without.put("0001", {"tasks": [17]}).status == 403


@pytest.mark.long
def test_who_signs_out_is_out_of_every_service(
    stack: Stack, accounts: Accounts, newcomer: Newcomer
) -> None:
    """The access tokens of that session, within two seconds; another session goes on."""
    account, anybody = newcomer(), Api(stack.base_url)
    ended, other = (sign_in(anybody, account, steps) for steps in (0, 1))
    out, on = (Api(stack.base_url, one["access_token"]) for one in (ended, other))
    papers = f"/api/marks/centres/{accounts.centre_no}/papers"
    reports = f"/api/reports/centres/{accounts.centre_no}/papers"
    assert out.get(papers).status == 200
    body = {"refresh_token": ended["refresh_token"]}
    anybody.post("/api/identity/sign-out", body).expect(204)
    began = time.monotonic()
    for path in ("/api/identity/me/sessions", papers, reports):
        wait_for(f"refused at {path}", partial(_is_refused, out, path), 2)
    print(f"out everywhere: {(time.monotonic() - began) * 1000:.0f} ms")
    assert on.get(papers).status == 200


def _is_refused(api: Api, path: str) -> bool:
    return _is_stale(api.get(path))


def _is_stale(answer: Answer) -> bool:
    return answer.status == 401 and answer.json["type"].endswith("stale-token")


@pytest.mark.long
def test_of_two_refreshes_at_once_one_family_lives_and_a_third_later_ends_it(
    stack: Stack, accounts: Accounts, newcomer: Newcomer
) -> None:
    """Its access tokens too, in every service."""
    anybody = Api(stack.base_url)
    body = {"refresh_token": sign_in(anybody, newcomer())["refresh_token"]}
    with ThreadPoolExecutor(2) as threads:
        pair = [*threads.map(lambda _tab: anybody.post(REFRESH, body).expect(200), range(2))]
    next_ones = [
        anybody.post(REFRESH, {"refresh_token": one["refresh_token"]}).expect(200) for one in pair
    ]
    papers = f"/api/marks/centres/{accounts.centre_no}/papers"
    tabs = [Api(stack.base_url, one["access_token"]) for one in next_ones]
    assert [tab.get(papers).status for tab in tabs] == [200, 200]
    time.sleep(GRACE_SECONDS + 1)
    assert anybody.post(REFRESH, body).status == 401
    for one, tab in zip(next_ones, tabs, strict=True):
        refresh = {"refresh_token": one["refresh_token"]}
        assert anybody.post(REFRESH, refresh).status == 401
        wait_for("its access token is refused", partial(_is_refused, tab, papers), 2)
