"""`Idempotency-Key`: a POST that creates, sent again."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from shared import clock
from shared.access.principal import Principal
from shared.errors import ConflictError, UnprocessableError
from shared.settings import settings
from shared.web import idempotency
from shared.web.idempotency import IdempotentAnswer
from shared.web.routes import Reply
from tests.support.service import BOARD, ServiceUnderTest, principal

CHANGES = "/api/sample/changes"
OTHER = principal("board", user_id="board-2")
# A second on a slow line.
SLOW_BITS = 4_000_000


def create(
    under_test: ServiceUnderTest, key: str, version: int = 1, who: Principal = BOARD
) -> tuple[int, object]:
    headers = {"Idempotency-Key": key}
    answer = under_test.call("POST", CHANGES, who, json={"version": version}, headers=headers)
    return answer.status_code, answer.json


def test_again_gets_the_first_answer_and_creates_nothing(under_test: ServiceUnderTest) -> None:
    first = create(under_test, "key-1")
    assert first[0] == 201
    assert create(under_test, "key-1") == first
    assert len(under_test.emitted()) == 1


def test_another_key_or_another_account_is_another_request(under_test: ServiceUnderTest) -> None:
    answers = [
        create(under_test, "key-1"),
        create(under_test, "key-2"),
        create(under_test, "key-1", who=OTHER),
    ]
    assert [status for status, _body in answers] == [201] * 3
    assert len(under_test.emitted()) == 3


@pytest.mark.parametrize(("key", "version"), [("key-1", 2), ("k" * 256, 1)])
def test_a_key_for_something_else_and_one_too_long_are_refused(
    under_test: ServiceUnderTest, key: str, version: int
) -> None:
    create(under_test, "key-1")
    status, problem = create(under_test, key, version)
    assert status == 422
    assert isinstance(problem, dict)
    assert [error["pointer"] for error in problem["errors"]] == ["/Idempotency-Key"]
    assert len(under_test.emitted()) == 1


def test_what_was_refused_is_tried_again(under_test: ServiceUnderTest) -> None:
    assert [create(under_test, "key-1", 13)[0] for _each in range(2)] == [409, 409]
    assert create(under_test, "key-1")[0] == 201


def test_after_a_day_a_key_is_forgotten(under_test: ServiceUnderTest) -> None:
    create(under_test, "key-1")
    with under_test.transaction() as session:
        row = session.scalars(select(IdempotentAnswer)).one()
        row.made_at = clock.now() - timedelta(hours=24, seconds=1)
    assert create(under_test, "key-1", 2)[0] == 201
    assert len(under_test.emitted()) == 2


def test_of_two_at_once_one_acts(under_test: ServiceUnderTest) -> None:
    key = idempotency.key_of("board-1", "/path", "k1")
    with under_test.transaction() as session:
        assert idempotency.claim(session, key, b"body") is None
    with under_test.transaction() as session, pytest.raises(ConflictError) as refused:
        idempotency.claim(session, key, b"body")
    assert refused.value.headers["Retry-After"]
    with under_test.transaction() as session:
        idempotency.keep(session, key, b"body", Reply({"id": "x"}, 201))
    with under_test.transaction() as session:
        assert idempotency.claim(session, key, b"body") == Reply({"id": "x"}, 201)


def test_a_claim_holds_as_long_as_the_largest_file_takes(
    under_test: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = idempotency.key_of("board-1", "/path", "k1")
    with under_test.transaction() as session:
        assert idempotency.claim(session, key, b"body") is None
    later = clock.now() + timedelta(seconds=settings().max_file_bytes * 8 / SLOW_BITS)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert create(under_test, "key-1")[0] == 201
    with under_test.transaction() as session, pytest.raises(ConflictError):
        idempotency.claim(session, key, b"body")


def test_an_answer_is_kept_though_its_claim_was_forgotten(under_test: ServiceUnderTest) -> None:
    key, reply = idempotency.key_of("board-1", "/path", "k1"), Reply({"id": "x"}, 201)
    with under_test.transaction() as session:
        assert idempotency.claim(session, key, b"body") is None
        idempotency.release(session, key)
        idempotency.keep(session, key, b"body", reply)
    with under_test.transaction() as session:
        assert idempotency.claim(session, key, b"body") == reply
        with pytest.raises(UnprocessableError):
            idempotency.claim(session, key, b"another body")


def test_a_claim_let_go_or_left_by_a_crash_is_free_again(
    under_test: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = idempotency.key_of("board-1", "/path", "k1")
    later = clock.now() + idempotency.LONGEST_UNDER_WAY + timedelta(seconds=1)
    with under_test.transaction() as session:
        assert idempotency.claim(session, key, b"body") is None
        idempotency.release(session, key)
        assert idempotency.claim(session, key, b"body") is None
        monkeypatch.setattr(clock, "now", lambda: later)
        assert idempotency.claim(session, key, b"body") is None
