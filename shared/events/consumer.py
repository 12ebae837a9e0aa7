"""Handling events: effects and the event's id commit together, so a second delivery is nothing."""

import logging
from collections.abc import Callable, Mapping

from sqlalchemy.orm import Session

from shared import clock, context
from shared.bus import Message
from shared.db import Database
from shared.events.envelope import Envelope
from shared.events.models import Inbox, Watermark
from shared.events.outbox import insert_into

Handler = Callable[[Session, Envelope], None]
Handlers = Mapping[str, Handler]

log = logging.getLogger(__name__)


class NotYetError(Exception):
    """What this event builds on has not arrived: deliver it again a little later."""


def is_newer(session: Session, aspect: str, sequence: int) -> bool:
    """Claim `sequence` for `aspect`; False where an equal or higher one was applied already.

    An aspect names what the event replaces whole, such as `sample:68101/<paper id>`.
    """
    insert = insert_into(session, Watermark).values(aspect=aspect, sequence=sequence)
    claim = insert.on_conflict_do_update(
        index_elements=["aspect"],
        set_={"sequence": sequence},
        where=Watermark.sequence < sequence,
    ).returning(Watermark.sequence)
    return session.execute(claim).first() is not None


class Consumer:
    """Hands a queue's messages to the handlers of their types."""

    def __init__(self, database: Database, handlers: Handlers) -> None:
        self._database = database
        self._handlers = handlers

    def handle(self, message: Message) -> None:
        """Handle one message, once in effect; raises where it has to be delivered again."""
        envelope = Envelope.from_json(message.body)
        context.begin(envelope.id, envelope.traceparent)
        with self._database.transaction() as session:
            if not self._claim(session, envelope.id):
                return
            self._handlers[envelope.key](session, envelope)
        log.info("handled", extra={"event_type": envelope.key, "subject": envelope.subject})

    @staticmethod
    def _claim(session: Session, event_id: str) -> bool:
        insert = insert_into(session, Inbox).values(id=event_id, handled_at=clock.now())
        claim = insert.on_conflict_do_nothing(index_elements=["id"]).returning(Inbox.id)
        return session.execute(claim).first() is not None
