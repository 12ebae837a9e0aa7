"""Requests nobody can read, and ones that lead nowhere: each a problem, and nothing changed."""

import http.client
import json
from contextlib import closing
from typing import Any

import pytest

from tests.integration.conftest import Accounts, MakeSheet
from tests.support.api import Answer, Api, entries, paper
from tests.support.refusals import refused
from tests.support.sheet import Sheet
from tests.support.stack import Stack

JSON = {"Content-Type": "application/json"}
MEBIBYTE = 1024 * 1024
CSV_LIMIT = 64 * MEBIBYTE


@pytest.fixture(scope="module")
def sheet(make_sheet: MakeSheet) -> Sheet:
    return make_sheet(2)


BROKEN = [
    b"",
    b"{",
    b"tasks",
    b"{'tasks': [1]}",
    b'{"tasks": [1],}',
    b'{"tasks": [NaN]}',
    b'{"tasks": [Infinity]}',
    b'{"tasks": [-Infinity]}',
    b'{"tasks": [01]}',
    b'{"tasks": [1]} {"tasks": [2]}',
    b'{"initials": "\xff", "tasks": [1]}',
    b"[" * 200_000,
]


@pytest.mark.parametrize("sent", BROKEN, ids=lambda sent: repr(sent[:30]))
def test_json_that_is_not_json(sheet: Sheet, sent: bytes) -> None:
    before = sheet.marksheet()
    refused(sheet.put("0001", sent, **JSON), 400)
    whole = sheet.api.call("PATCH", f"{sheet.path}/marksheet", sent, JSON)
    refused(whole, 400)
    # Nothing at all is no broken body there: it declares nothing.
    refused(sheet.api.call("POST", f"{sheet.path}/submission", sent, JSON), 400 if sent else 422)
    assert sheet.marksheet() == before


NO_MARKS = [
    b"[]",
    b"null",
    b"7",
    b'"tasks"',
    b'{"tasks": [1e400]}',
    b'{"tasks": [1], "initials": "\\ud800"}',
]


@pytest.mark.parametrize("sent", NO_MARKS)
def test_json_that_is_no_mark(sheet: Sheet, sent: bytes) -> None:
    before = sheet.marksheet()
    refused(sheet.put("0001", sent, **JSON), 422)
    assert sheet.marksheet() == before


@pytest.mark.parametrize(
    "content_type", ["text/plain", "text/csv", "application/x-www-form-urlencoded", "nonsense"]
)
def test_another_content_type(sheet: Sheet, content_type: str) -> None:
    before = sheet.marksheet()
    sent = json.dumps({"tasks": [1]}).encode()
    refused(sheet.put("0001", sent, **{"Content-Type": content_type}), 415)
    refused(sheet.put("0001", sent), 415)
    assert sheet.marksheet() == before


def test_a_charset_is_no_other_content_type(sheet: Sheet) -> None:
    sent = json.dumps({"clear": True}).encode()
    headers = {"Content-Type": "application/json; charset=utf-8"}
    sheet.put("0002", sent, **headers).expect(200)


def padded(body: dict[str, Any], size: int) -> bytes:
    return json.dumps(body).encode().ljust(size)


def test_json_may_have_a_mebibyte_and_no_more(sheet: Sheet) -> None:
    refused(sheet.put("0001", padded({"tasks": [1]}, MEBIBYTE + 1), **JSON), 413)
    assert sheet.candidate("0001")["tasks"] == [None]
    sheet.put("0001", padded({"tasks": [2]}, MEBIBYTE), **JSON).expect(200)
    assert sheet.candidate("0001")["tasks"] == [2]


def test_json_of_a_length_nobody_said_may_have_no_more_either(sheet: Sheet, stack: Stack) -> None:
    """Sent in chunks, as a stream is."""
    body = padded({"tasks": [3]}, MEBIBYTE + 1)
    before = sheet.candidate("0001")
    headers = JSON | {"Authorization": f"Bearer {sheet.api.token}"}
    path = f"{sheet.path}/candidates/0001"
    chunks = (body[at : at + 65536] for at in range(0, len(body), 65536))
    answer = sheet.api.pool.request("PUT", stack.base_url + path, body=chunks, headers=headers)
    refused(Answer(answer.status, answer.headers, answer.data), 413)
    assert sheet.candidate("0001") == before


def test_the_others_have_the_same_limit(accounts: Accounts, sheet: Sheet) -> None:
    large = padded({}, MEBIBYTE + 1)
    refused(accounts["board"].call("POST", "/api/identity/allocations", large, JSON), 413)
    refused(sheet.api.call("POST", f"{sheet.sampling}/sample/additions", large, JSON), 413)


def announced(api: Api, port: int, path: str, content_type: str, size: int) -> Answer:
    """The answer to a body that is only announced: nothing of it is sent."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    with closing(connection):
        connection.putrequest("POST", path)
        connection.putheader("Authorization", f"Bearer {api.token}")
        connection.putheader("Content-Type", content_type)
        connection.putheader("Content-Length", str(size))
        connection.endheaders()
        answer = connection.getresponse()
        return Answer(answer.status, dict(answer.headers), answer.read())


def test_what_says_it_is_too_large_is_refused_before_it_is_sent(
    accounts: Accounts, sheet: Sheet, stack: Stack
) -> None:
    path = "/api/marks/imports/entries"
    board = accounts["board"]
    refused(announced(board, stack.port, path, "text/csv", CSV_LIMIT + 1), 413)
    multipart = "multipart/form-data; boundary=b"
    refused(announced(sheet.api, stack.port, sheet.files("0001"), multipart, 10**13), 413)


def test_entries_are_csv(accounts: Accounts) -> None:
    file = entries("0000", accounts.centre_no, [1])
    path = "/api/marks/imports/entries"
    for content_type in ("text/plain", "application/json", "multipart/form-data; boundary=x"):
        headers = {"Content-Type": content_type}
        refused(accounts["board"].call("POST", path, file.encode(), headers), 415)


NOWHERE = [
    ("GET", "/api"),
    ("GET", "/api/"),
    ("GET", "/api/nowhere"),
    ("GET", "/api/nowhere/centres"),
    ("GET", "/api/marks"),
    ("GET", "/api/marks/centres/{centre}/nothing"),
    ("POST", "/api/marks/centres/{centre}/papers/x y/submission"),
    ("GET", "/api/marks/%2e%2e/identity/.well-known/jwks.json"),
    ("GET", "/api/sampling/metrics"),
    ("GET", "/metrics"),
]


@pytest.mark.parametrize(("method", "path"), NOWHERE)
def test_what_leads_nowhere_is_not_found(accounts: Accounts, method: str, path: str) -> None:
    whole = path.format(centre=accounts.centre_no).replace(" ", "%20")
    answer = accounts["user"].call(method, whole)
    assert answer.status == 404
    if whole.startswith("/api/"):
        refused(answer, 404)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("DELETE", "/marksheet"),
        ("PUT", "/submission"),
        ("POST", "/candidates/0001"),
        ("PATCH", "/candidates/0001/history"),
    ],
)
def test_a_method_that_is_not_there(sheet: Sheet, method: str, path: str) -> None:
    answer = sheet.api.call(method, sheet.path + path, {})
    refused(answer, 405)
    assert answer.headers["Allow"]


def test_a_flag_is_true_or_false(accounts: Accounts, sheet: Sheet) -> None:
    path = f"{sheet.path}/marksheet?atomic=perhaps"
    refused(sheet.api.call("PATCH", path, {"candidates": []}), 422, "/atomic")
    file = entries("0000", accounts.centre_no, [1])
    path = "/api/marks/imports/entries?dry_run=perhaps"
    refused(accounts["board"].post_csv(path, file), 422, "/dry_run")


@pytest.mark.parametrize("path", ["/", "/readyz", "/api/openapi.json", "/nowhere", "/favicon.ico"])
def test_every_response_has_a_request_id(stack: Stack, path: str) -> None:
    anybody = Api(stack.base_url)
    ids = {anybody.get(path).headers["X-Request-ID"] for _ in range(2)}
    assert len(ids) == 2


def test_a_refusal_names_its_request(sheet: Sheet) -> None:
    answer = sheet.put("9999", {"tasks": [1]})
    assert answer.json["request_id"] == answer.headers["X-Request-ID"]


def test_a_problem_has_a_stable_type(accounts: Accounts, sheet: Sheet) -> None:
    types = {refused(sheet.put("0001", {"tasks": [mark]}), 422)["type"] for mark in (101, -1, "1")}
    assert len(types) == 1
    missing = refused(accounts["board"].post("/api/marks/papers", {}), 422)
    assert {f"/{name}" for name in ("code", "title", "qualification", "series")} <= {
        error["pointer"] for error in missing["errors"]
    }
    assert "tasks" in paper("0000")
