"""One stream as it is sent: server-sent events, each a CloudEvent (https://html.spec.whatwg.org)."""

import queue
from collections.abc import Iterator

from services.gateway.live import queries
from services.gateway.live.hub import Listener
from services.gateway.live.queries import Told
from shared.access.principal import Principal
from shared.db import Database

# Comments keep the way open, and tell us of listeners that have gone.
HEARTBEAT_SECONDS = 5.0
COME_BACK_MS = 2000
HEARTBEAT = b":\n\n"
# What the listener missed is no longer kept: it has to look at everything anew.
LOST = b"event: lost\ndata: {}\n\n"


def stream(database: Database, listener: Listener, last_seen: int | None) -> Iterator[bytes]:
    """What came after `last_seen`, then what comes, until the listener's token ends."""
    yield f"retry: {COME_BACK_MS}\n\n".encode()
    if last_seen is not None and last_seen != listener.position:
        yield from _missed(database, listener, last_seen)
    while listener.seconds_left > 0:
        try:
            told = listener.waiting.get(timeout=min(listener.seconds_left, HEARTBEAT_SECONDS))
        except queue.Empty:
            yield HEARTBEAT
            continue
        if told is None:
            return
        yield frame(told, listener.who)


def _missed(database: Database, listener: Listener, last_seen: int) -> Iterator[bytes]:
    """What the listener may see of the events up to those that the reader tells it."""
    with database.reading() as session:
        first = queries.first_kept(session)
    if last_seen > listener.position or last_seen + 1 < (first or listener.position + 1):
        yield LOST
    seq = last_seen
    while seq < listener.position and listener.seconds_left > 0:
        with database.reading() as session:
            found = queries.after(session, seq, queries.maybe_for(listener.who))
        if not found:
            return
        for told in found:
            seq = told.seq
            if seq <= listener.position and told.audience.includes(listener.who):
                yield frame(told, listener.who)


def frame(told: Told, who: Principal) -> bytes:
    return b"id: %d\ndata: %s\n\n" % (told.seq, told.frame_for(who))
