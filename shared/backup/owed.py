"""What was told and not taken in when the point was fixed: it is to be told again.

The bus is not part of a backup, for the databases know more: an outbox has every event of 30 days,
an inbox all that was handled. So what was on its way, waited for another try or was given up is
known exactly, and goes out again by the ordinary way.
"""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import select, update

from shared.bus.topics import matches
from shared.db import Database
from shared.events.models import Inbox, Outbox
from shared.events.models import Sequence as Drawn
from shared.service import Service

BATCH = 1000
# Tools outside may have seen what was told after the point: what comes is to be newer for them.
NUMBERS_LEFT_OUT = 1_000_000


def owe(services: Sequence[Service], databases: Mapping[str, Database]) -> int:
    """Have every event go out again that some service has not handled; gives how many."""
    count = 0
    for database in databases.values():
        for rows in _published(database):
            owed = {id_ for one in services for id_ in _not_handled(databases[one.name], one, rows)}
            with database.transaction() as session:
                again = update(Outbox).where(Outbox.id.in_(owed))
                session.execute(again.values(published_at=None, not_before=None))
            count += len(owed)
        with database.transaction() as session:
            session.execute(update(Drawn).values(value=Drawn.value + NUMBERS_LEFT_OUT))
    return count


def _published(database: Database) -> Iterator[list[Outbox]]:
    last = 0
    while True:
        with database.reading() as session:
            rows = select(Outbox).where(Outbox.position > last, Outbox.published_at.is_not(None))
            some = list(session.scalars(rows.order_by(Outbox.position).limit(BATCH)))
        if not some:
            return
        yield some
        last = some[-1].position


def _not_handled(database: Database, service: Service, rows: Sequence[Outbox]) -> set[str]:
    """The ids of those that the service hears of and has not in its inbox."""
    heard = {row.id for row in rows if _hears(service, row)}
    with database.reading() as session:
        return heard - set(session.scalars(select(Inbox.id).where(Inbox.id.in_(heard))))


def _hears(service: Service, row: Outbox) -> bool:
    return any(
        binding.exchange == row.exchange and matches(binding.pattern, row.routing_key)
        for binding in service.bindings
    )
