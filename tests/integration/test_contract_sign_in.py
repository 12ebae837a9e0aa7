"""Signing in, by the contract: each step, what refuses it, and how long a session lives."""

import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import jwt
import pyotp
import pytest

from tests.integration.conftest import Accounts
from tests.support import shapes
from tests.support.api import Answer, Api
from tests.support.refusals import refused
from tests.support.stack import Stack
from tests.support.waiting import wait_for

SIGN_IN = "/api/identity/sign-in"
REFRESH = "/api/identity/token/refresh"
SIGN_OUT = "/api/identity/sign-out"
STEP = 30
GRACE_SECONDS = 30
Account = Mapping[str, Any]
Newcomer = Callable[[], dict[str, Any]]


@pytest.fixture
def anybody(stack: Stack) -> Api:
    return Api(stack.base_url)


def begin(api: Api, account: Account) -> Answer:
    given = {"email": account["email"], "password": account["password"]}
    return api.post(SIGN_IN, given)


def confirm(api: Api, account: Account, code: str) -> Answer:
    challenge = begin(api, account).expect(200)["challenge"]
    return api.post(f"{SIGN_IN}/totp", {"challenge": challenge, "code": code})


def code_of(account: Account, step: int = 0) -> str:
    """The code of this moment, or that of steps before or after."""
    return pyotp.TOTP(account["totp_secret"]).at(int(time.time()) + step * STEP)


def sign_in(api: Api, account: Account) -> Any:
    return confirm(api, account, code_of(account)).expect(200)


def check_session(answer: Any, account: Account) -> None:
    shapes.check(answer, access_token=str, refresh_token=str, expires_in=int, user=dict)
    assert answer["token_type"] == "Bearer"
    assert answer["user"]["email"] == account["email"]


def test_the_steps(anybody: Api, newcomer: Newcomer) -> None:
    account = newcomer()
    first = begin(anybody, account).expect(200)
    assert first["mfa"] == "totp"
    assert "enrol" not in first
    assert first.get("password_change") is None
    body = {"challenge": first["challenge"], "code": code_of(account)}
    session = anybody.post(f"{SIGN_IN}/totp", body).expect(200)
    check_session(session, account)
    papers = f"/api/marks/centres/{account['centre_no']}/papers"
    Api(anybody.base_url, session["access_token"]).get(papers).expect(200)


def test_the_token_is_signed_with_a_published_key(anybody: Api, accounts: Accounts) -> None:
    published = anybody.get("/api/identity/.well-known/jwks.json").expect(200)["keys"]
    token = accounts["user"].token
    kid = jwt.get_unverified_header(token)["kid"]
    (key,) = [jwt.PyJWK.from_dict(one) for one in published if one["kid"] == kid]
    assert all("d" not in one for one in published)
    claims = jwt.decode(token, key, algorithms=["EdDSA"], options={"verify_aud": False})
    assert claims["exp"] - claims["iat"] == 600


def test_a_wrong_password_and_an_unknown_account_are_the_same(
    anybody: Api, newcomer: Newcomer
) -> None:
    account = newcomer()
    wrong = refused(begin(anybody, account | {"password": "mynydd-afon-llyn"}), 401)
    unknown = refused(begin(anybody, account | {"email": "nobody@bryn.example"}), 401)
    assert {**wrong, "request_id": ""} == {**unknown, "request_id": ""}
    sign_in(anybody, account)


def test_case_and_blanks_of_an_address_do_not_count(anybody: Api, newcomer: Newcomer) -> None:
    account = newcomer()
    sign_in(anybody, account | {"email": f" {account['email'].upper()} "})


def test_a_wrong_code(anybody: Api, newcomer: Newcomer) -> None:
    account = newcomer()
    right = {code_of(account, step) for step in (-2, -1, 0, 1, 2)}
    wrong = next(
        code
        for code in ("000000", "111111", "222222", "333333", "444444", "555555", "666666")
        if code not in right
    )
    challenge = begin(anybody, account).expect(200)["challenge"]
    for code in (wrong, "", "12345", "1234567", "abcdef", "١٢٣٤٥٦"):
        refused(anybody.post(f"{SIGN_IN}/totp", {"challenge": challenge, "code": code}), 401)
    sign_in(anybody, account)


def test_a_used_code_is_refused_and_locks_nobody_out(anybody: Api, newcomer: Newcomer) -> None:
    account = newcomer()
    used = code_of(account)
    confirm(anybody, account, used).expect(200)
    body = {"challenge": begin(anybody, account).expect(200)["challenge"], "code": used}
    refusals = [refused(anybody.post(f"{SIGN_IN}/totp", body), 401) for _attempt in range(12)]
    assert len({one["type"] for one in refusals}) == 1
    # The code of the next step is good within the drift that RFC 6238 recommends.
    confirm(anybody, account, code_of(account, 1)).expect(200)


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        ("", {}, "/email"),
        ("", {"email": "a@b.example"}, "/password"),
        ("", {"email": 1, "password": "x"}, "/email"),
        ("", {"email": "a@b.example", "password": None}, "/password"),
        ("", {"email": "a@b.example", "password": "x" * 100_000}, "/password"),
        ("/totp", {"code": "123456"}, "/challenge"),
        ("/totp", {"challenge": "x"}, "/code"),
        ("/totp", {"challenge": "x", "code": 123456}, "/code"),
        ("/password", {"challenge": "x"}, "/new_password"),
    ],
)
def test_a_step_without_what_it_needs(
    anybody: Api, path: str, body: dict[str, Any], pointer: str
) -> None:
    refused(anybody.post(SIGN_IN + path, body), 422, pointer)


def test_a_challenge_nobody_was_given(anybody: Api) -> None:
    refused(anybody.post(f"{SIGN_IN}/totp", {"challenge": "x" * 43, "code": "123456"}), 401)
    new = {"challenge": "x" * 43, "new_password": "mynydd-afon-llyn"}
    refused(anybody.post(f"{SIGN_IN}/password", new), 401)


def test_a_challenge_serves_once(anybody: Api, newcomer: Newcomer) -> None:
    account = newcomer()
    challenge = begin(anybody, account).expect(200)["challenge"]
    for step, status in ((0, 200), (1, 401)):
        body = {"challenge": challenge, "code": code_of(account, step)}
        assert anybody.post(f"{SIGN_IN}/totp", body).status == status


def test_no_new_password_where_none_is_asked_for(anybody: Api, newcomer: Newcomer) -> None:
    account = newcomer()
    challenge = begin(anybody, account).expect(200)["challenge"]
    new = {"challenge": challenge, "new_password": "mynydd-afon-llyn"}
    refused(anybody.post(f"{SIGN_IN}/password", new), 409)
    sign_in(anybody, account)


def test_a_refresh_rotates(anybody: Api, newcomer: Newcomer) -> None:
    account = newcomer()
    first = sign_in(anybody, account)
    second = anybody.post(REFRESH, {"refresh_token": first["refresh_token"]}).expect(200)
    check_session(second, account)
    assert second["refresh_token"] != first["refresh_token"]
    assert second["user"] == first["user"]
    third = anybody.post(REFRESH, {"refresh_token": second["refresh_token"]}).expect(200)
    check_session(third, account)
    refused(anybody.post(REFRESH, {"refresh_token": "made-up"}), 401)
    refused(anybody.post(REFRESH, {"refresh_token": ""}), 401)
    refused(anybody.post(REFRESH, {}), 422, "/refresh_token")


def test_two_tabs_may_refresh_at_the_same_moment(anybody: Api, newcomer: Newcomer) -> None:
    first = sign_in(anybody, newcomer())
    for _tab in range(2):
        anybody.post(REFRESH, {"refresh_token": first["refresh_token"]}).expect(200)


@pytest.mark.long
def test_a_refresh_token_used_after_the_grace_ends_its_family(
    anybody: Api, newcomer: Newcomer
) -> None:
    first = sign_in(anybody, newcomer())
    second = anybody.post(REFRESH, {"refresh_token": first["refresh_token"]}).expect(200)
    time.sleep(GRACE_SECONDS + 1)
    refused(anybody.post(REFRESH, {"refresh_token": first["refresh_token"]}), 401)
    refused(anybody.post(REFRESH, {"refresh_token": second["refresh_token"]}), 401)


def test_signing_out_ends_the_session(anybody: Api, newcomer: Newcomer) -> None:
    """By its refresh token, or with the access token alone."""
    account = newcomer()
    for step, body in ((0, True), (1, False)):
        session = confirm(anybody, account, code_of(account, step)).expect(200)
        refresh = {"refresh_token": session["refresh_token"]}
        signed_in = Api(anybody.base_url, session["access_token"])
        out = signed_in.post(SIGN_OUT, refresh if body else None)
        assert (out.status, out.content) == (204, b"")
        refused(anybody.post(REFRESH, refresh), 401)
    refused(anybody.post(SIGN_OUT), 401)


def test_30_sign_ins_within_a_minute_from_one_address(anybody: Api, newcomer: Newcomer) -> None:
    """Fifteen accounts, several at a time, each with the codes of two steps."""

    def twice(account: Account) -> None:
        for step in (0, 1):
            confirm(anybody, account, code_of(account, step)).expect(200)

    accounts = [newcomer() for _ in range(15)]
    started = time.monotonic()
    with ThreadPoolExecutor(4) as threads:
        assert len([*threads.map(twice, accounts)]) == 15
    print(f"30 sign-ins: {time.monotonic() - started:.1f} s")


def refuses(api: Api, path: str) -> bool:
    return api.get(path).status == 401


def allows(api: Api, path: str) -> bool:
    return api.get(path).status == 200


def test_access_taken_away_bites_everywhere(
    anybody: Api, accounts: Accounts, newcomer: Newcomer, stack: Stack
) -> None:
    """With tokens already issued, within two seconds: what each service took is printed."""
    account = newcomer()
    session = sign_in(anybody, account)
    teacher = Api(stack.base_url, session["access_token"])
    centre, admin = accounts.centre_no, accounts["admin"]
    (paper, *_rest) = admin.get(f"/api/marks/centres/{centre}/papers").expect(200)["papers"]
    of_sheet = f"centres/{centre}/papers/{paper['id']}"
    places = {
        "marks": f"/api/marks/{of_sheet}/marksheet",
        "sampling": f"/api/sampling/{of_sheet}/sample",
        "uploads": f"/api/uploads/{of_sheet}/group-files",
        "reports": f"/api/reports/{of_sheet}/candidate-details",
        "identity": "/api/identity/me",
    }
    for path in places.values():
        teacher.get(path).expect(200)

    user = f"/api/identity/centres/{centre}/users/{session['user']['id']}"
    assert admin.call("PATCH", user, {"iamis": False}).expect(200)["iamis"] is False
    started = time.monotonic()
    for service, path in places.items():
        wait_for(f"stale in {service}", partial(refuses, teacher, path), 2.0)
    print(f"stale everywhere: {(time.monotonic() - started) * 1000:.0f} ms")
    assert refused(teacher.get(places["marks"]), 401)["type"].endswith("stale-token")

    renewed = anybody.post(REFRESH, {"refresh_token": session["refresh_token"]}).expect(200)
    teacher.accept(renewed)
    for service, path in places.items():
        assert teacher.get(path).status == (200 if service == "identity" else 403)

    admin.call("PATCH", user, {"iamis": True}).expect(200)
    for service, path in places.items():
        wait_for(f"granted in {service}", partial(allows, teacher, path), 2.0)


def test_who_is_deactivated_is_out(
    anybody: Api, accounts: Accounts, newcomer: Newcomer, stack: Stack
) -> None:
    account = newcomer()
    session = sign_in(anybody, account)
    teacher = Api(stack.base_url, session["access_token"])
    user = f"/api/identity/centres/{accounts.centre_no}/users/{session['user']['id']}"
    changed = accounts["admin"].call("PATCH", user, {"status": "deactivated"}).expect(200)
    assert changed["status"] == "deactivated"
    papers = f"/api/marks/centres/{accounts.centre_no}/papers"
    wait_for("out of marks", partial(refuses, teacher, papers), 2.0)
    refused(anybody.post(REFRESH, {"refresh_token": session["refresh_token"]}), 401)
    refused(begin(anybody, account), 401)
