"""Events on the running system: lost never, done once in effect, and a bad one stops no other."""

import random
import time
from concurrent.futures import ThreadPoolExecutor

from shared.bus import Message
from shared.bus.embedded import EmbeddedBus
from shared.events.envelope import Envelope
from tests.integration.conftest import MakeSheet
from tests.support.effects import CONSUMERS
from tests.support.faults import (
    SERVICES,
    all_told,
    bus_of,
    contents,
    down,
    emitted,
    kill,
    message_of,
    outbox,
)
from tests.support.sheet import Sheet
from tests.support.stack import REAL, Stack
from tests.support.waiting import wait_for

# Who handles submissions, and so the one that nobody can read.
REFUSED_BY = {"gateway", "identity", "reports", "sampling", "uploads"}
SHEETS = 8
CANDIDATES = 11
TIMES = 10
AT = "2031-05-01T12:00:00Z"
SECONDS = 60


def subject_of(sheet: Sheet) -> str:
    return f"{sheet.centre_no}/{sheet.paper_id}"


def test_submissions_just_before_a_crash_are_sampled_once(
    stack: Stack, make_sheet: MakeSheet
) -> None:
    sheets = [make_sheet(CANDIDATES) for _each in range(SHEETS)]
    for sheet in sheets:
        sheet.fill_all()
    with ThreadPoolExecutor(SHEETS) as pool:
        receipts = list(pool.map(Sheet.submit, sheets))
    kill(stack, "marks")

    assert len({receipt["id"] for receipt in receipts}) == SHEETS
    wait_for("marks is noticed to be down", lambda: down(stack) == ["marks"], SECONDS)
    wait_for("marks is back", lambda: down(stack) == [], SECONDS)
    for sheet in sheets:
        sheet.settle()
        chosen = {one["candidate_no"] for one in sheet.sample()["candidates"]}
        assert {one["candidate_no"] for one in sheet.candidates(show="samples")} == chosen
        assert emitted(stack, "sampling", "sample.generated.v1", subject_of(sheet)) == 1
        assert emitted(stack, "marks", "marks.submitted.v1", subject_of(sheet)) == 1


def kept(stack: Stack, service: str) -> dict[str, list[str]]:
    """All that the service holds; of letters how many, for they are being sent meanwhile."""
    found = contents(stack, service)
    return found | {"mails": [str(len(found.get("mails", [])))]}


def test_what_is_delivered_ten_times_over_and_in_any_order_changes_nothing(
    stack: Stack, make_sheet: MakeSheet
) -> None:
    sheet = make_sheet(CANDIDATES)
    sheet.fill_all()
    sheet.submit()
    files = sheet.wait_for_uploads(str(sheet.wait_for_sample()[0]["candidate_no"]))
    sheet.api.upload(files, "gwaith.txt", b"evidence").expect(201)
    wait_for("all is delivered", lambda: all_told(stack), SECONDS)
    before = {name: kept(stack, name) for name in SERVICES}

    again = [row for name in SERVICES for row in outbox(stack, name, subject_of(sheet))]
    messages = [message_of(row) for row in again * TIMES]
    random.Random(1).shuffle(messages)  # noqa: S311 - an order, no secret
    with bus_of(stack) as bus:
        bus.publish(messages)

    assert len(again) >= 4
    wait_for("all is delivered again", lambda: all_told(stack), SECONDS)
    for name in SERVICES:
        assert kept(stack, name) == before[name]


def poisoned(sheet: Sheet) -> Message:
    """A submission whose data nobody can read."""
    key = "marks.submitted.v1"
    event_id = f"poison-{sheet.paper()['code']}"
    event = Envelope(event_id, key, subject_of(sheet), AT, 1, "", {"no": "data"})
    return Message(event.id, event.event_type.exchange, event.routing_key, event.to_json())


def skip_the_pauses(stack: Stack, poison: Message) -> None:
    """Where the ladder takes twelve minutes, let the next try be now."""
    if stack.kind == REAL:
        return
    with bus_of(stack) as bus:
        assert isinstance(bus, EmbeddedBus)
        with bus._transaction() as rows:  # noqa: SLF001 - no adapter offers this
            rows.execute("UPDATE messages SET due = 0 WHERE id = ?", (poison.id,))


def parked(stack: Stack, poison: Message) -> dict[str, str]:
    """The errors with which services have given the message up."""
    with bus_of(stack) as bus:
        return {
            name: letter.error
            for name in CONSUMERS
            for letter in bus.dead_letters(f"iamis.{name}")
            if letter.message.id == poison.id
        }


def test_a_message_nobody_can_read_is_parked_and_its_neighbours_go_on(
    stack: Stack, make_sheet: MakeSheet
) -> None:
    sheet, neighbour = make_sheet(CANDIDATES), make_sheet(CANDIDATES)
    poison = poisoned(sheet)
    with bus_of(stack) as bus:
        bus.publish([poison])

    neighbour.fill_all()
    neighbour.submit()
    neighbour.wait_for_sample()

    def given_up() -> bool:
        skip_the_pauses(stack, poison)
        time.sleep(0.1)
        return all_told(stack) and set(parked(stack, poison)) >= REFUSED_BY

    wait_for("the poison is parked", given_up, 2 * SECONDS)
    errors = parked(stack, poison)
    with bus_of(stack) as bus:
        for name in errors:
            assert bus.drop(f"iamis.{name}", [poison.id]) == 1
    assert all("marks.submitted.v1" in error for error in errors.values())

    # Nor has it any effect on its own paper.
    sheet.fill_all()
    sheet.submit()
    sheet.wait_for_sample()
