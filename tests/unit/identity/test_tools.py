"""Service accounts: made by the board, and given tokens as RFC 6749 has it."""

import base64
from typing import Any
from urllib.parse import urlencode

import jwt
import pytest
from werkzeug.test import TestResponse

from shared.access.principal import Principal
from shared.access.tokens import verify
from shared.audit import AuditRow
from shared.web.idempotency import IdempotentAnswer
from tests.support.service import BOARD, admin_of, rows_of
from tests.unit.identity.people import HOME, Portal

PATH = "/api/identity/service-accounts"
NEW = {"name": "Awards importer", "scopes": ["marks:read", "entries:write"]}
GRANT = {"grant_type": "client_credentials"}


def make(portal: Portal, **changed: Any) -> dict[str, Any]:
    answer = portal.service.call("POST", PATH, BOARD, json=NEW | changed)
    assert answer.status_code == 201, answer.text
    return dict(answer.json or {})


def ask(portal: Portal, tool: dict[str, Any], **form: str) -> TestResponse:
    client = {name: tool[name] for name in ("client_id", "client_secret")}
    return post(portal, GRANT | client | form)


def post(portal: Portal, form: object, **headers: str) -> TestResponse:
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    body = form if isinstance(form, (str, bytes)) else urlencode(form)  # type: ignore[arg-type]
    return portal.call("POST", "/token", data=body, headers=kind | headers)


def principal_of(portal: Portal, answer: TestResponse) -> Principal:
    with portal.service.database.reading() as session:
        return verify(session, (answer.json or {})["access_token"])


def test_a_token_speaks_for_the_tool_in_its_scopes(portal: Portal) -> None:
    answer = ask(portal, make(portal, centres=["68101"]))
    body = answer.json or {}
    assert (answer.status_code, body["token_type"], body["expires_in"]) == (200, "Bearer", 600)
    assert body["scope"] == "entries:write marks:read"
    assert "refresh_token" not in body
    who = principal_of(portal, answer)
    assert (who.kind, who.scopes) == ("service", frozenset(NEW["scopes"]))
    assert who.may("marks:read", "68101")
    assert not who.may("marks:read", "68102")
    assert not who.may("marks:read")
    assert not who.may("samples:read", "68101")


def test_fewer_scopes_may_be_asked_for_and_no_others(portal: Portal) -> None:
    tool = make(portal)
    fewer = ask(portal, tool, scope="marks:read")
    assert (fewer.json or {})["scope"] == "marks:read"
    assert principal_of(portal, fewer).scopes == {"marks:read"}
    more = ask(portal, tool, scope="marks:read samples:read")
    assert (more.status_code, (more.json or {})["error"]) == (400, "invalid_scope")


def test_a_wrong_scope_is_no_wrong_secret(portal: Portal) -> None:
    tool = make(portal)
    asked = [ask(portal, tool, scope="samples:read").status_code for _each in range(12)]
    assert set(asked) == {400}
    assert ask(portal, tool).status_code == 200


def test_a_call_repeated_tells_the_secret_no_more(portal: Portal) -> None:
    headers = {"Idempotency-Key": "k1"}
    first, again = (
        portal.service.call("POST", PATH, BOARD, json=NEW, headers=headers) for _each in range(2)
    )
    secret = (first.json or {})["client_secret"]
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json == (first.json or {}) | {"client_secret": None}
    with portal.service.database.reading() as session:
        (kept,) = rows_of(session, IdempotentAnswer)
    assert secret not in str(kept.body)


def test_the_client_may_be_named_by_http_basic(portal: Portal) -> None:
    tool = make(portal)
    pair = f"{tool['client_id']}:{tool['client_secret']}".encode()
    basic = f"Basic {base64.b64encode(pair).decode()}"
    assert post(portal, GRANT, Authorization=basic).status_code == 200


@pytest.mark.parametrize("wrong", [{"client_secret": "guess"}, {"client_id": "nobody"}])
def test_a_client_that_is_not_known_is_refused(portal: Portal, wrong: dict[str, str]) -> None:
    answer = ask(portal, make(portal), **wrong)
    assert (answer.status_code, (answer.json or {})["error"]) == (401, "invalid_client")
    assert answer.headers["WWW-Authenticate"].startswith("Basic")


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({}, "invalid_request"),
        (GRANT, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ("grant_type=client_credentials&grant_type=client_credentials", "invalid_request"),
        (b"grant_type=\xff", "invalid_request"),
    ],
)
def test_what_is_no_such_request_is_refused(portal: Portal, form: object, error: str) -> None:
    answer = post(portal, form)
    assert (answer.status_code, (answer.json or {})["error"]) == (400, error)


@pytest.mark.parametrize("basic", ["Basic ?", "Basic YQ==", "Basic /w=="])
def test_broken_basic_is_refused(portal: Portal, basic: str) -> None:
    assert post(portal, GRANT, Authorization=basic).status_code == 400


def test_guessing_is_slowed(portal: Portal) -> None:
    tool = make(portal)
    statuses = [ask(portal, tool, client_secret="guess").status_code for _each in range(30)]
    assert statuses[0] == 401
    assert statuses[-1] == 429


def test_the_secret_is_shown_once_and_can_be_renewed(portal: Portal) -> None:
    tool = make(portal)
    (listed,) = (portal.service.call("GET", PATH, BOARD).json or {})["service_accounts"]
    assert (listed["client_id"], listed["client_secret"]) == (tool["client_id"], None)
    old = (ask(portal, tool).json or {})["access_token"]
    renewed = portal.service.call("POST", f"{PATH}/{tool['client_id']}/secret", BOARD).json or {}
    assert ask(portal, tool).status_code == 401
    assert ask(portal, renewed).status_code == 200
    stale = portal.call("GET", "/me", token=old)
    assert (stale.json or {})["type"] == "urn:iamis:problem:stale-token"


def test_ended_it_gets_no_token_and_those_it_has_are_good_no_more(portal: Portal) -> None:
    tool = make(portal)
    token = (ask(portal, tool).json or {})["access_token"]
    path = f"{PATH}/{tool['client_id']}"
    assert portal.service.call("DELETE", path, BOARD).status_code == 204
    assert portal.service.call("DELETE", path, BOARD).status_code == 404
    assert ask(portal, tool).status_code == 401
    stale = portal.call("GET", "/me", token=token)
    assert (stale.json or {})["type"] == "urn:iamis:problem:stale-token"
    (event,) = portal.service.emitted("user.access_changed.v1")
    assert event.data == {
        "user_id": tool["client_id"],
        "access_version": 2,
        "tokens_from": 2,
    }


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"scopes": []}, "/scopes"),
        ({"scopes": ["all"]}, "/scopes/0"),
        ({"centres": ["99999"]}, "/centres"),
        ({"name": ""}, "/name"),
    ],
    ids=str,
)
def test_what_cannot_be_is_refused(portal: Portal, wrong: dict[str, Any], pointer: str) -> None:
    refused = portal.service.call("POST", PATH, BOARD, json=NEW | wrong)
    assert refused.status_code == 422
    assert [error["pointer"] for error in (refused.json or {})["errors"]] == [pointer]


def test_only_the_board_makes_them_and_all_is_noted(portal: Portal) -> None:
    refused = portal.service.call("POST", PATH, admin_of("68101"), json=NEW)
    assert refused.status_code == 403
    secret = ask(portal, make(portal))
    assert secret.status_code == 200
    with portal.service.database.reading() as session:
        rows = rows_of(session, AuditRow)
    assert {"tool.added", "token.issued"} <= {row.action for row in rows}


def test_a_tool_cannot_sign_in_as_people_do(portal: Portal) -> None:
    tool = make(portal)
    body = {"email": tool["client_id"], "password": tool["client_secret"]}
    assert portal.post("/sign-in", body, address=HOME).status_code == 401
    claims = jwt.decode(
        (ask(portal, tool).json or {})["access_token"], options={"verify_signature": False}
    )
    assert (claims["kind"], claims["sid"]) == ("service", "")
