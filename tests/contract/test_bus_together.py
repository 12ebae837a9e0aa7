"""Messages that are handed over together, and a handler that is away, on every adapter."""

import threading
from collections.abc import Sequence

from shared.bus import AwayError, Bus, Failures, Message
from tests.contract.conftest import QUEUE, OpenBus
from tests.contract.test_bus import consuming, message
from tests.support.waiting import wait_for


def test_a_handler_that_is_away_is_given_the_same_later_and_nothing_is_parked(
    bus: Bus, open_bus: OpenBus
) -> None:
    got: list[str] = []
    absences: list[str] = []

    def be_away_at_first(one: Message) -> None:
        if not absences:
            absences.append(one.id)
            raise AwayError("the database is away")
        got.append(one.id)

    bus.publish([message(number) for number in (1, 2, 3)])
    with consuming(open_bus, be_away_at_first):
        wait_for("all are handled", lambda: len(got) == 3)
        wait_for("queue empty", lambda: bus.depth(QUEUE) == 0)
    assert absences == ["event-1"]
    assert sorted(got) == ["event-1", "event-2", "event-3"]
    assert bus.dead_letters(QUEUE) == []


def test_what_fails_among_others_is_delivered_again_alone(bus: Bus, open_bus: OpenBus) -> None:
    got: list[str] = []

    def fail_the_second_at_first(messages: Sequence[Message]) -> Failures:
        failed = [one.id == "event-2" and one.id not in got for one in messages]
        got.extend(one.id for one in messages)
        return {place: ValueError("not yet") for place, it_is in enumerate(failed) if it_is}

    bus.publish([message(number) for number in (1, 2, 3)])
    stop = threading.Event()
    arguments = (QUEUE, fail_the_second_at_first, stop)
    thread = threading.Thread(target=open_bus().consume, args=arguments)
    thread.start()
    wait_for("all came, and one again", lambda: len(got) == 4)
    wait_for("queue empty", lambda: bus.depth(QUEUE) == 0)
    stop.set()
    thread.join(10)
    assert got == ["event-1", "event-2", "event-3", "event-2"]
    assert bus.dead_letters(QUEUE) == []
