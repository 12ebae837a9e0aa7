"""Beside the consumer: events that are over go, and centres are told what was held back."""

import threading

from services.gateway.live.keeping import purge, release
from shared.db import Database

RELEASE_SECONDS = 1.0
PURGE_EVERY = 60


def keep_house(database: Database, stop: threading.Event) -> None:
    """Until `stop`: release every second, purge every minute."""
    turn = 0
    while not stop.is_set():
        if turn % PURGE_EVERY == 0:
            database.run(purge)
        if not database.run(release):
            stop.wait(RELEASE_SECONDS)
        turn += 1
