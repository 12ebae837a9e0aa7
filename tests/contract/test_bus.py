"""What every adapter of the event bus promises; each runs under the same tests."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from shared.bus import (
    EVENTS,
    INTERNAL,
    Binding,
    Bus,
    BusError,
    Message,
    one_by_one,
)
from tests.contract.conftest import ALL, LADDER, QUEUE, OpenBus
from tests.support.waiting import wait_for


def message(
    number: int, key: str = "marks.submitted.v1.68101.p1", exchange: str = EVENTS
) -> Message:
    return Message(f"event-{number}", exchange, key, f'{{"number": {number}}}'.encode())


@contextmanager
def consuming(
    open_bus: OpenBus, handle: Callable[[Message], None], queue: str = QUEUE
) -> Iterator[None]:
    stop = threading.Event()
    bus = open_bus()
    thread = threading.Thread(target=bus.consume, args=(queue, one_by_one(handle), stop))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(10)
        assert not thread.is_alive()


def test_a_message_reaches_its_queue_whole_and_once(bus: Bus, open_bus: OpenBus) -> None:
    got: list[Message] = []
    with consuming(open_bus, got.append):
        assert bus.publish([message(1)]) == set()
        wait_for("one message", lambda: got)
        wait_for("queue empty", lambda: bus.depth(QUEUE) == 0)
    assert got == [message(1)]


def test_messages_come_in_the_order_of_publishing(bus: Bus, open_bus: OpenBus) -> None:
    got: list[Message] = []
    bus.publish([message(number) for number in range(50)])
    with consuming(open_bus, got.append):
        wait_for("fifty messages", lambda: len(got) == 50)
    assert [one.id for one in got] == [f"event-{number}" for number in range(50)]


def test_every_bound_queue_gets_its_own_copy(bus: Bus) -> None:
    bus.declare("iamis.other", [Binding(EVENTS, "marks.#")])
    bus.publish([message(1), message(2, "sample.generated.v1.68101.p1")])
    assert (bus.depth(QUEUE), bus.depth("iamis.other")) == (2, 1)


@pytest.mark.parametrize(
    ("pattern", "key", "bound"),
    [
        ("#", "marks.submitted.v1.68101.p1", True),
        ("marks.submitted.v1.#", "marks.submitted.v1.68101.p1", True),
        ("marks.submitted.v1.#", "marks.submitted.v1", True),
        ("marks.submitted.v1.68101.*", "marks.submitted.v1.68101.p1", True),
        ("marks.submitted.v1.68101.*", "marks.submitted.v1.68101", False),
        ("marks.submitted.v1.68101.*", "marks.submitted.v1.68102.p1", False),
        ("*.submitted.v1.#", "marks.submitted.v1.68101.p1", True),
        ("#.p1", "marks.submitted.v1.68101.p1", True),
        ("marks.submitted", "marks.submitted.v1", False),
        ("marks-submitted.#", "marks.submitted.v1", False),
    ],
)
def test_topic_patterns(open_bus: OpenBus, pattern: str, key: str, *, bound: bool) -> None:
    bus = open_bus()
    bus.declare(QUEUE, [Binding(EVENTS, pattern)])
    unroutable = bus.publish([message(1, key)])
    assert (unroutable == set()) is bound
    assert bus.depth(QUEUE) == int(bound)


def test_the_internal_exchange_is_another_one(bus: Bus) -> None:
    assert bus.publish([message(1, exchange=INTERNAL)]) == {"event-1"}
    assert bus.depth(QUEUE) == 0


def test_what_no_queue_is_bound_to_is_returned(bus: Bus) -> None:
    bus.declare(QUEUE, [Binding(EVENTS, "sample.#")])
    assert bus.publish([message(1), message(2, "sample.generated.v1")]) == {"event-1"}


def test_declaring_again_keeps_messages_and_replaces_bindings(bus: Bus) -> None:
    bus.publish([message(1)])
    bus.declare(QUEUE, [Binding(EVENTS, "sample.#")])
    assert bus.depth(QUEUE) == 1
    assert bus.publish([message(2)]) == {"event-2"}


def test_published_messages_survive_the_publisher(bus: Bus, open_bus: OpenBus) -> None:
    bus.publish([message(1)])
    bus.close()
    got: list[Message] = []
    with consuming(open_bus, got.append):
        wait_for("the message of a closed publisher", lambda: got)


def test_a_failing_handler_gets_the_message_again(bus: Bus, open_bus: OpenBus) -> None:
    attempts: list[str] = []

    def fail_once(one: Message) -> None:
        attempts.append(one.id)
        if len(attempts) == 1:
            raise ValueError("not this time")

    bus.publish([message(1)])
    with consuming(open_bus, fail_once):
        wait_for("second delivery", lambda: len(attempts) == 2)
        wait_for("queue empty", lambda: bus.depth(QUEUE) == 0)
    assert bus.dead_letters(QUEUE) == []


def test_after_the_ladder_a_message_is_parked_with_its_error(bus: Bus, open_bus: OpenBus) -> None:
    attempts: list[str] = []

    def fail(one: Message) -> None:
        attempts.append(one.id)
        raise ValueError("poison")

    bus.publish([message(1)])
    with consuming(open_bus, fail):
        wait_for("dead letter", lambda: bus.dead_letters(QUEUE))
    (letter,) = bus.dead_letters(QUEUE)
    assert letter.message == message(1)
    assert "poison" in letter.error
    assert len(attempts) == 1 + len(LADDER)
    assert bus.depth(QUEUE) == 0


def test_a_poison_message_does_not_hold_up_its_neighbours(bus: Bus, open_bus: OpenBus) -> None:
    got: list[str] = []

    def refuse_the_first(one: Message) -> None:
        if one.id == "event-1":
            raise ValueError("poison")
        got.append(one.id)

    bus.publish([message(1), message(2), message(3)])
    with consuming(open_bus, refuse_the_first):
        wait_for("the neighbours", lambda: len(got) == 2)
        wait_for("dead letter", lambda: bus.dead_letters(QUEUE))
    assert got == ["event-2", "event-3"]


def test_two_consumers_share_a_queue(bus: Bus, open_bus: OpenBus) -> None:
    got: list[str] = []
    bus.publish([message(number) for number in range(40)])
    both = consuming(open_bus, lambda one: got.append(one.id))
    with both, consuming(open_bus, lambda one: got.append(one.id)):
        wait_for("forty messages", lambda: len(got) >= 40)
        wait_for("queue empty", lambda: bus.depth(QUEUE) == 0)
    assert sorted(got) == sorted(f"event-{number}" for number in range(40))


def test_stopping_lets_the_message_in_hand_finish(bus: Bus, open_bus: OpenBus) -> None:
    begun, finish = threading.Event(), threading.Event()
    done: list[str] = []

    def slow(one: Message) -> None:
        begun.set()
        assert finish.wait(10)
        done.append(one.id)

    bus.publish([message(1)])
    stop = threading.Event()
    thread = threading.Thread(target=open_bus().consume, args=(QUEUE, one_by_one(slow), stop))
    thread.start()
    assert begun.wait(10)
    stop.set()
    finish.set()
    thread.join(10)
    assert done == ["event-1"]
    assert bus.depth(QUEUE) == 0


def fail(_message: Message) -> None:
    raise ValueError("poison")


@pytest.fixture
def parked(bus: Bus, open_bus: OpenBus) -> Bus:
    """A bus with the messages 1 to 3 given up."""
    bus.publish([message(number) for number in (1, 2, 3)])
    with consuming(open_bus, fail):
        wait_for("three dead letters", lambda: len(bus.dead_letters(QUEUE)) == 3)
    return bus


def dead_ids(bus: Bus) -> list[str]:
    return sorted(letter.message.id for letter in bus.dead_letters(QUEUE))


def test_looking_at_dead_letters_changes_nothing(parked: Bus) -> None:
    assert parked.dead_letters(QUEUE) == parked.dead_letters(QUEUE)
    assert dead_ids(parked) == ["event-1", "event-2", "event-3"]


def test_dead_letters_are_replayed_with_the_whole_ladder_before_them(
    parked: Bus, open_bus: OpenBus
) -> None:
    attempts: list[Message] = []

    def fail_once_more(one: Message) -> None:
        attempts.append(one)
        if len(attempts) == 1:
            raise ValueError("not this time")

    assert parked.replay(QUEUE, ["event-2", "event-9"]) == 1
    assert dead_ids(parked) == ["event-1", "event-3"]
    with consuming(open_bus, fail_once_more):
        wait_for("delivered twice", lambda: len(attempts) == 2)
    assert attempts == [message(2), message(2)]
    assert parked.replay(QUEUE) == 2
    assert (dead_ids(parked), parked.depth(QUEUE)) == ([], 2)


def test_dead_letters_are_dropped_for_good(parked: Bus) -> None:
    assert parked.drop(QUEUE, ["event-2"]) == 1
    assert dead_ids(parked) == ["event-1", "event-3"]
    assert parked.drop(QUEUE) == 2
    assert parked.drop(QUEUE) == 0
    assert (dead_ids(parked), parked.depth(QUEUE)) == ([], 0)


def test_what_is_delivered_reaches_one_queue_alone(bus: Bus, open_bus: OpenBus) -> None:
    bus.declare("iamis.other", ALL)
    got: list[Message] = []
    bus.deliver(QUEUE, [message(1), message(2)])
    with consuming(open_bus, got.append):
        wait_for("both messages", lambda: len(got) == 2)
    assert got == [message(1), message(2)]
    assert bus.depth("iamis.other") == 0


def test_nothing_is_delivered_to_a_queue_that_is_not_there(bus: Bus) -> None:
    with pytest.raises(BusError, match=r"iamis\.nobody"):
        bus.deliver("iamis.nobody", [message(1)])
