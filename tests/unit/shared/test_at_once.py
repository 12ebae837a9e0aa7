"""What the platform promises when many ask at the same moment.

They are worth most with `--database postgresql`, where transactions run side by side.
"""

from functools import partial

from sqlalchemy import select

from shared.access.handlers import on_access_changed
from shared.access.models import AccessVersion
from shared.bus import Message
from shared.events.consumer import Consumer, is_newer
from shared.events.envelope import Envelope
from shared.events.models import Watermark
from shared.events.schemas import EVENT_TYPES
from shared.ids import new_uuid
from tests.support.service import BOARD, ServiceUnderTest
from tests.support.together import together

KEY = "user.access_changed.v1"


def message(event_id: str, version: int) -> Message:
    data = {"user_id": "u1", "access_version": version}
    envelope = Envelope(event_id, KEY, "users/u1", "2031-05-01T12:00:00Z", version, "", data)
    return Message(event_id, EVENT_TYPES[KEY].exchange, envelope.routing_key, envelope.to_json())


def test_an_event_delivered_many_times_has_one_effect(under_test: ServiceUnderTest) -> None:
    effects: list[str] = []
    handlers = {KEY: lambda _session, event: effects.append(event.id)}
    consumer = Consumer(under_test.database, handlers)
    event = message(new_uuid(), 1)
    together(*[partial(consumer.handle, event)] * 8)
    assert effects == [event.id]


def test_the_newest_of_many_stands(under_test: ServiceUnderTest) -> None:
    def claim(sequence: int) -> bool:
        return under_test.database.run(lambda session: is_newer(session, "sample:x", sequence))

    for turn in range(5):
        sequences = [10 * turn + step for step in (3, 1, 4, 2)]
        claimed = together(*(partial(claim, sequence) for sequence in sequences))
        assert claimed[2], "the highest always counts"
    with under_test.database.reading() as session:
        assert session.scalars(select(Watermark.sequence)).all() == [44]


def test_access_only_rises(under_test: ServiceUnderTest) -> None:
    consumer = Consumer(under_test.database, {KEY: on_access_changed})
    events = [message(new_uuid(), version) for version in (3, 7, 1, 5)]
    together(*(partial(consumer.handle, event) for event in events))
    with under_test.database.reading() as session:
        row = session.scalars(select(AccessVersion)).one()
        assert (row.version, row.minimum) == (7, 7)


def test_many_with_one_key_get_one_answer(under_test: ServiceUnderTest) -> None:
    headers = {"Idempotency-Key": "one"}
    ask = partial(
        under_test.call, "POST", "/api/sample/changes", BOARD, json={"version": 1}, headers=headers
    )
    answers = together(*[ask] * 6)
    assert {answer.status_code for answer in answers} <= {201, 409}
    made = {answer.json["id"] for answer in answers if answer.status_code == 201 and answer.json}
    assert len(made) == len(under_test.emitted()) == 1
