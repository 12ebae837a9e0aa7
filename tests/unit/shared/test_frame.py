"""The frame of a request: what is refused, in which order, and that a refusal changes nothing."""

import json
import logging
from typing import Any, ClassVar

import jwt
import pytest

from shared.access.principal import Principal
from shared.web.routes import JSON_LIMIT
from tests.support.service import (
    BOARD,
    KEY,
    KID,
    MODERATOR,
    ServiceUnderTest,
    admin_of,
    teacher_of,
    token_for,
)

SHEET = "/api/sample/centres/68101/papers/p1"
UNSEEN = "/api/sample/centres/68101/papers/unseen"
CHANGES = "/api/sample/changes"
OWN = admin_of("68101")
FOREIGN = admin_of("68102")
TEACHER = teacher_of("68101")
NO_IAMIS = teacher_of("68101", iamis=False)


@pytest.mark.parametrize(
    ("who", "path", "status"),
    [
        (None, SHEET, 401),
        (FOREIGN, SHEET, 404),
        (MODERATOR, SHEET, 404),
        (BOARD, SHEET, 403),
        (NO_IAMIS, SHEET, 403),
        (OWN, UNSEEN, 404),
        (TEACHER, SHEET, 200),
        (OWN, SHEET, 200),
    ],
)
def test_who_may(
    under_test: ServiceUnderTest, who: Principal | None, path: str, status: int
) -> None:
    assert under_test.call("PUT", path, who, json={"version": 1}).status_code == status


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"x" * (JSON_LIMIT + 1), "application/json", 413),
        (b'{"version": 1}', "text/plain", 415),
        (b'{"version": ', "application/json", 400),
        (b'{"version": NaN}', "application/json", 400),
        (b'{"version": Infinity}', "application/json", 400),
        (b"\xff\xfe\x00", "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b"[]", "application/json", 422),
        (b"null", "application/json", 422),
        (b"{}", "application/json", 422),
        (b'{"version": true}', "application/json", 422),
        (b'{"version": "1"}', "application/json", 422),
        (b'{"version": 1.5}', "application/json", 422),
        (b'{"version": 13}', "application/json", 409),
        (b'{"version": 1}', "application/json; charset=utf-8", 201),
    ],
)
def test_what_a_body_is_refused_for(
    under_test: ServiceUnderTest, body: bytes, content_type: str, status: int
) -> None:
    answer = under_test.call("POST", CHANGES, BOARD, data=body, content_type=content_type)
    assert answer.status_code == status
    assert len(under_test.emitted()) == (1 if status == 201 else 0)


def test_who_is_refused_is_logged_by_ids(
    under_test: ServiceUnderTest, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "iamis.access"):
        for who in (FOREIGN, NO_IAMIS, OWN):
            under_test.call("PUT", SHEET, who, json={"version": 1})
    logged = [(vars(one)["account"], vars(one)["status"]) for one in caplog.records]
    assert logged == [(FOREIGN.user_id, 404), (NO_IAMIS.user_id, 403)]
    assert all(FOREIGN.name not in one.getMessage() for one in caplog.records)


def test_authorisation_comes_before_the_body(under_test: ServiceUnderTest) -> None:
    answer = under_test.call("POST", CHANGES, OWN, data=b"not json", content_type="text/plain")
    assert answer.status_code == 403


def test_a_problem_names_the_field_and_the_rule(under_test: ServiceUnderTest) -> None:
    answer = under_test.call("POST", CHANGES, BOARD, json={"version": "one"})
    problem = json.loads(answer.data)
    assert answer.content_type == "application/problem+json"
    assert problem["type"] == "urn:iamis:problem:unprocessable"
    assert problem["status"] == 422
    assert problem["errors"] == [{"pointer": "/version", "detail": "This must be a whole number."}]


def test_a_query_is_validated(under_test: ServiceUnderTest) -> None:
    assert under_test.call("GET", "/api/sample/open?page=3").json == {"page": 3}
    assert under_test.call("GET", "/api/sample/open?page=three").status_code == 422


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/sample/nowhere", 404),
        ("DELETE", "/api/sample/open", 405),
        ("GET", "/api/sample/centres/681%2F01/papers/p1", 404),
        ("GET", "/api/sample/broken", 500),
    ],
)
def test_every_refusal_is_a_problem(
    under_test: ServiceUnderTest, method: str, path: str, status: int
) -> None:
    answer = under_test.call(method, path)
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    assert "secret" not in answer.text


def test_every_answer_carries_a_request_id(under_test: ServiceUnderTest) -> None:
    path = "/api/sample/open"
    given = under_test.call("GET", path, headers={"X-Request-ID": "given-by-gateway"})
    assert given.headers["X-Request-ID"] == "given-by-gateway"
    made = under_test.call("GET", path, headers={"X-Request-ID": "bad id\t<script>"})
    assert len(made.headers["X-Request-ID"]) == 32


def test_raw_bytes_of_one_type(under_test: ServiceUnderTest) -> None:
    path = "/api/sample/files"
    taken = under_test.call("POST", path, OWN, data=b"a,b\n", content_type="text/csv")
    assert taken.data == b"a,b\n"
    refused = under_test.call("POST", path, OWN, data=b"a,b\n", content_type="text/html")
    assert refused.status_code == 415


class TestIdempotencyKey:
    KEY: ClassVar[dict[str, Any]] = {"headers": {"Idempotency-Key": "k1"}}

    def test_the_first_answer_again_and_one_change(self, under_test: ServiceUnderTest) -> None:
        first = under_test.call("POST", CHANGES, BOARD, json={"version": 1}, **self.KEY)
        again = under_test.call("POST", CHANGES, BOARD, json={"version": 1}, **self.KEY)
        assert (again.status_code, again.json) == (201, first.json)
        assert len(under_test.emitted()) == 1

    def test_another_request_under_the_same_key(self, under_test: ServiceUnderTest) -> None:
        under_test.call("POST", CHANGES, BOARD, json={"version": 1}, **self.KEY)
        other = under_test.call("POST", CHANGES, BOARD, json={"version": 2}, **self.KEY)
        assert other.status_code == 422
        assert len(under_test.emitted()) == 1

    def test_a_refusal_is_not_kept(self, under_test: ServiceUnderTest) -> None:
        assert under_test.call("POST", CHANGES, BOARD, json={}, **self.KEY).status_code == 422
        again = under_test.call("POST", CHANGES, BOARD, json={"version": 1}, **self.KEY)
        assert again.status_code == 201

    def test_a_stream_is_taken_once(self, under_test: ServiceUnderTest) -> None:
        first, again = (
            under_test.call("POST", "/api/sample/streams", BOARD, data=b"file", **self.KEY)
            for _each in range(2)
        )
        assert (again.status_code, again.json) == (201, first.json)
        assert len(under_test.emitted()) == 1

    def test_a_key_nobody_would_send(self, under_test: ServiceUnderTest) -> None:
        headers = {"Idempotency-Key": "k" * 256}
        answer = under_test.call("POST", CHANGES, BOARD, json={"version": 1}, headers=headers)
        assert answer.status_code == 422
        assert json.loads(answer.data)["errors"][0]["pointer"] == "/Idempotency-Key"


class TestTokens:
    def ask(self, under_test: ServiceUnderTest, authorization: str) -> Any:
        headers = {"Authorization": authorization}
        return under_test.call("GET", "/api/sample/own", headers=headers)

    @pytest.mark.parametrize(
        "authorization", ["", "Bearer", "Bearer x.y.z", "Basic abc", "Bearer " + "a" * 5000]
    )
    def test_no_valid_token(self, under_test: ServiceUnderTest, authorization: str) -> None:
        answer = self.ask(under_test, authorization)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"

    @pytest.mark.parametrize("kid", ["", "none", "\ud800", "\0", "x" * 1000])
    def test_no_key_of_that_name(self, under_test: ServiceUnderTest, kid: str) -> None:
        token = jwt.encode({"sub": "u1"}, KEY, algorithm="EdDSA", headers={"kid": kid})
        assert self.ask(under_test, f"Bearer {token}").status_code == 401

    @pytest.mark.parametrize("user_id", ["", "\ud800", "\0", "é"])
    def test_no_user_of_that_name(self, under_test: ServiceUnderTest, user_id: str) -> None:
        token = jwt.encode({"sub": user_id}, KEY, algorithm="EdDSA", headers={"kid": KID})
        assert self.ask(under_test, f"Bearer {token}").status_code == 401

    def test_a_changed_token(self, under_test: ServiceUnderTest) -> None:
        token = token_for(OWN)
        assert self.ask(under_test, f"bearer {token}").status_code == 200
        head, body, signature = token.split(".")
        assert self.ask(under_test, f"Bearer {head}.{body}x.{signature}").status_code == 401

    def test_access_taken_away_refuses_tokens_issued_before(
        self, under_test: ServiceUnderTest
    ) -> None:
        data = {"user_id": OWN.user_id, "access_version": 2}
        under_test.deliver("user.access_changed.v1", f"users/{OWN.user_id}", data)
        answer = self.ask(under_test, f"Bearer {token_for(OWN)}")
        assert answer.status_code == 401
        assert json.loads(answer.data)["type"] == "urn:iamis:problem:stale-token"

    def test_access_granted_holds_for_tokens_issued_before(
        self, under_test: ServiceUnderTest
    ) -> None:
        data = {
            "user_id": NO_IAMIS.user_id,
            "access_version": 3,
            "tokens_from": 1,
            "grants": {"68101": {"account_type": "user", "iamis": True}},
        }
        assert under_test.call("PUT", SHEET, NO_IAMIS, json={"version": 1}).status_code == 403
        under_test.deliver("user.access_changed.v1", f"users/{NO_IAMIS.user_id}", data)
        assert under_test.call("PUT", SHEET, NO_IAMIS, json={"version": 1}).status_code == 200

    def test_a_lower_version_never_comes_back(self, under_test: ServiceUnderTest) -> None:
        for version in (2, 1):
            data = {"user_id": OWN.user_id, "access_version": version}
            under_test.deliver("user.access_changed.v1", f"users/{OWN.user_id}", data)
        assert self.ask(under_test, f"Bearer {token_for(OWN)}").status_code == 401

    def test_a_key_no_longer_published_is_refused(self, under_test: ServiceUnderTest) -> None:
        other = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
        jwk = {**other, "kid": "new", "alg": "EdDSA", "use": "sig"}
        assert self.ask(under_test, f"Bearer {token_for(OWN)}").status_code == 200
        under_test.deliver("signing_keys.changed.v1", "keys/all", {"keys": [jwk]})
        assert self.ask(under_test, f"Bearer {token_for(OWN)}").status_code == 401


class TestAllocations:
    def test_an_allocation_shows_the_sheet_and_its_end_hides_it(
        self, under_test: ServiceUnderTest
    ) -> None:
        under_test.allocate("68101", "p1")
        assert under_test.call("PUT", SHEET, MODERATOR, json={"version": 1}).status_code == 403
        data = {"user_id": MODERATOR.user_id, "centre_no": "68101", "paper_id": "p1"}
        under_test.deliver("moderator.deallocated.v1", "68101/p1", data)
        assert under_test.call("PUT", SHEET, MODERATOR, json={"version": 1}).status_code == 404

    def test_an_older_event_that_comes_late_changes_nothing(
        self, under_test: ServiceUnderTest
    ) -> None:
        data = {"user_id": MODERATOR.user_id, "centre_no": "68101", "paper_id": "p1"}
        under_test.deliver("moderator.deallocated.v1", "68101/p1", data, sequence=2)
        under_test.deliver("moderator.allocated.v1", "68101/p1", data, sequence=1)
        assert under_test.call("PUT", SHEET, MODERATOR, json={"version": 1}).status_code == 404
