"""Events handled together: each once in effect, and one that fails takes no other with it."""

import json
import logging
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from shared.bus import AwayError, Message
from shared.db import Database
from shared.events import consumer as module
from shared.events.consumer import Consumer, Handler, NotYetError
from shared.events.envelope import Envelope
from shared.events.models import Inbox, Sequence, Watermark
from shared.events.schemas import EVENT_TYPES
from tests.support.metrics import Moved
from tests.support.service import ServiceUnderTest

KEY = "user.access_changed.v1"


def message(number: int) -> Message:
    data = {"user_id": f"u{number}", "access_version": 1}
    event = Envelope(f"e{number}", KEY, f"users/u{number}", "2031-05-01T12:00:00Z", 1, "", data)
    return Message(event.id, EVENT_TYPES[KEY].exchange, event.routing_key, event.to_json())


def messages(*numbers: int) -> list[Message]:
    return [message(number) for number in numbers]


def note(session: Session, event: Envelope) -> None:
    """An effect: a row that a second time would break a rule."""
    session.add(Sequence(subject=event.id, value=1))


def noting(but: Callable[[Session, Envelope], None]) -> Handler:
    """As `note`, after what `but` does; it may raise."""

    def handler(session: Session, event: Envelope) -> None:
        note(session, event)
        but(session, event)

    return handler


def effects(under_test: ServiceUnderTest) -> list[str]:
    """What was done, which is what is in the inbox."""
    with under_test.database.reading() as session:
        done = sorted(session.scalars(select(Sequence.subject)).all())
        assert sorted(session.scalars(select(Inbox.id)).all()) == done
    return done


def fail_at(*ids: str) -> Callable[[Session, Envelope], None]:
    def fail(_session: Session, event: Envelope) -> None:
        if event.id in ids:
            raise ValueError(event.id)

    return fail


def test_they_share_a_transaction(
    under_test: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "TOGETHER_SECONDS", 60.0)
    sessions: list[Session] = []
    handler = noting(lambda session, _event: sessions.append(session))
    assert Consumer(under_test.database, {KEY: handler}).handle_all(messages(1, 2, 3)) == {}
    assert effects(under_test) == ["e1", "e2", "e3"]
    assert len(sessions) == 3
    assert len(set(map(id, sessions))) == 1


@pytest.mark.parametrize("failing", [(1,), (3,), (5,), (2, 4), (1, 2, 5), (1, 2, 3, 4, 5)])
def test_those_that_fail_take_no_other_with_them(
    under_test: ServiceUnderTest, failing: tuple[int, ...]
) -> None:
    handler = noting(fail_at(*(f"e{number}" for number in failing)))
    failures = Consumer(under_test.database, {KEY: handler}).handle_all(messages(1, 2, 3, 4, 5))
    assert {place + 1: str(error) for place, error in failures.items()} == {
        number: f"e{number}" for number in failing
    }
    assert effects(under_test) == [f"e{n}" for n in range(1, 6) if n not in failing]


def test_one_that_breaks_a_rule_of_the_database_fails_alone(under_test: ServiceUnderTest) -> None:
    def break_a_rule(session: Session, event: Envelope) -> None:
        if event.id == "e2":
            session.add(Watermark(aspect=None, sequence=1))

    consumer = Consumer(under_test.database, {KEY: noting(break_a_rule)})
    assert list(consumer.handle_all(messages(1, 2, 3))) == [1]
    assert effects(under_test) == ["e1", "e3"]


def test_one_that_nobody_can_read_fails_alone(under_test: ServiceUnderTest) -> None:
    unreadable = Message("x", "x", "x", b"{")
    consumer = Consumer(under_test.database, {KEY: note})
    assert list(consumer.handle_all([message(1), unreadable, message(2)])) == [1]
    assert effects(under_test) == ["e1", "e2"]


BROKEN: dict[str, object] = {
    "no object": None,
    "no id": {"id": None},
    "an id that is a number": {"id": 5},
    "an id that is too long": {"id": "e" * 37},
    "an id beyond ASCII": {"id": "é"},
    "an id that is half a character": {"id": "\ud800"},
    "no subject": {"subject": None},
    "an empty subject": {"subject": ""},
    "a subject that is too long": {"subject": "s" * 121},
    "no time": {"time": ""},
    "no moment": {"time": "2031-02-30T12:00:00Z"},
    "a time without an offset": {"time": "2031-05-01T12:00:00"},
    "a sequence in words": {"sequence": "1"},
    "a sequence that is a truth": {"sequence": True},
    "a sequence of nothing": {"sequence": 0},
    "a sequence that no column holds": {"sequence": 2**63},
    "no trace": {"traceparent": None},
    "data that is a list": {"data": []},
}


@pytest.mark.parametrize("name", BROKEN)
def test_one_whose_envelope_is_broken_fails_alone(under_test: ServiceUnderTest, name: str) -> None:
    changes, whole = BROKEN[name], message(2)
    body = json.loads(whole.body) | changes if isinstance(changes, dict) else changes
    broken = replace(whole, body=json.dumps(body).encode())
    consumer = Consumer(under_test.database, {KEY: note})
    failures = consumer.handle_all([message(1), broken, message(3)])
    assert {place: isinstance(error, ValueError) for place, error in failures.items()} == {1: True}
    assert effects(under_test) == ["e1", "e3"]


def test_one_without_a_trace_is_handled(under_test: ServiceUnderTest) -> None:
    body = json.loads(message(1).body)
    del body["traceparent"]
    consumer = Consumer(under_test.database, {KEY: note})
    assert consumer.handle_all([replace(message(1), body=json.dumps(body).encode())]) == {}
    assert effects(under_test) == ["e1"]


def test_what_was_delivered_before_or_twice_at_once_has_one_effect(
    under_test: ServiceUnderTest,
) -> None:
    consumer = Consumer(under_test.database, {KEY: note})
    consumer.handle(message(2))
    assert consumer.handle_all(messages(1, 2, 1, 3)) == {}
    assert consumer.handle_all(messages(1, 2, 3)) == {}
    assert effects(under_test) == ["e1", "e2", "e3"]


def test_what_it_builds_on_may_come_with_it(under_test: ServiceUnderTest) -> None:
    def wait_for_the_other(session: Session, event: Envelope) -> None:
        if event.id == "e1" and not session.get(Sequence, "e2"):
            raise NotYetError("the other one")

    consumer = Consumer(under_test.database, {KEY: noting(wait_for_the_other)})
    assert consumer.handle_all(messages(2, 1)) == {}
    assert effects(under_test) == ["e1", "e2"]


def test_a_handler_sees_in_the_database_what_one_before_has_changed(
    under_test: ServiceUnderTest,
) -> None:
    """Not what its own session remembers, which others may have changed meanwhile."""
    seen: list[int] = []

    def count(session: Session, _event: Envelope) -> None:
        row = session.get(Sequence, "x") or Sequence(subject="x", value=0)
        seen.append(row.value)
        row.value += 1
        session.add(row)
        session.flush()
        session.execute(text("UPDATE sequences SET value = value + 10 WHERE subject = 'x'"))

    assert Consumer(under_test.database, {KEY: count}).handle_all(messages(1, 2, 3)) == {}
    assert seen == [0, 11, 22]


def test_no_more_than_fits_into_a_transaction(
    under_test: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "TOGETHER_SECONDS", -1.0)
    sessions: list[Session] = []
    handler = noting(lambda session, _event: sessions.append(session))
    assert Consumer(under_test.database, {KEY: handler}).handle_all(messages(1, 2, 3)) == {}
    assert effects(under_test) == ["e1", "e2", "e3"]
    assert len({id(session) for session in sessions}) == len(sessions) == 3


def test_only_what_was_done_is_told(
    under_test: ServiceUnderTest, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    consumer = Consumer(under_test.database, {KEY: noting(fail_at("e2"))})
    consumer.handle_all(messages(1, 2, 3))
    told = [one.__dict__["subject"] for one in caplog.records if one.message == "handled"]
    assert told == ["users/u1", "users/u3"]


@pytest.mark.parametrize("count", [1, 3])
def test_a_database_that_is_away_is_no_fault_of_an_event(tmp_path: Path, count: int) -> None:
    with closing(Database(f"sqlite:///{tmp_path}")) as a_folder:
        consumer = Consumer(a_folder, {KEY: note})
        with pytest.raises(AwayError):
            consumer.handle_all(messages(*range(count)))


def test_each_delivery_is_counted_by_what_became_of_it(under_test: ServiceUnderTest) -> None:
    unreadable = Message("e9", EVENT_TYPES[KEY].exchange, "x", b"{")
    foreign = Message("e8", "x", "x", message(8).body.replace(KEY.encode(), b"made.up.v1"))
    consumer = Consumer(under_test.database, {KEY: noting(fail_at("e2"))})
    moved = Moved()
    consumer.handle_all([*messages(1, 2, 3), unreadable, foreign])
    consumer.handle_all(messages(3, 4))
    consumer.handle_all(messages(4))
    assert moved.of("iamis_events_handled_total") == {
        ("handled", "sample", KEY): 3,
        ("known", "sample", KEY): 2,
        ("failed", "sample", KEY): 1,
        ("failed", "sample", "unknown"): 2,
    }
    assert moved.of("iamis_event_age_seconds_count") == {("sample",): 3}
