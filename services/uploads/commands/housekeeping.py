"""Clearing away uploads that were begun and left, while the service runs."""

import logging
import threading

from services.uploads.commands import transfers
from shared.db import Database
from shared.errors import ProblemError
from shared.files import store

LOOKS_SECONDS = 3600.0

log = logging.getLogger(__name__)


def run(database: Database, stop: threading.Event) -> None:
    """Look every hour, until told to stop; where the store is down, at the next look."""
    while not stop.wait(LOOKS_SECONDS):
        try:
            cleared = transfers.clear(database, store.bucket())
        except ProblemError as error:
            log.warning("nothing is cleared away", extra={"cause": str(error)})
        else:
            log.info("uploads cleared away", extra={"count": cleared})
