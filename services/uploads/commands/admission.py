"""Whether a file may be uploaded now, asked before any of it is read."""

import threading
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from services.uploads.domain import rules
from services.uploads.domain.pieces import NOTHING, About, check_about
from services.uploads.domain.rules import NO_SAMPLE, OUTSIDE_SAMPLE, Place
from services.uploads.queries import asked_for, is_submitted, quota_of
from shared import clock
from shared.db import Database
from shared.errors import ProblemError
from shared.settings import settings

# How long the news that a refusal lacks may be on its way: once a sheet is submitted that of its
# sample mostly is, while most of those whom a sample leaves out are never asked for.
NEWS_SECONDS = {NO_SAMPLE: 5.0, OUTSIDE_SAMPLE: 2.0}
LOOK_AGAIN_SECONDS = 0.05
# So many wait for it at once, and others are refused without: threads are for those who send.
AWAITING = threading.BoundedSemaphore(8)


def check_upload(
    database: Database,
    place: Place,
    about: About = NOTHING,
    size: int = 0,
    at: datetime | None = None,
) -> int:
    """How many bytes the file may have; raises what stands against it before any of it is read.

    Of a submitted sheet the news of the sample, or of its growth, may be on its way: who has seen
    the sample already is not refused for being quicker than the event.

    What it takes of the centre's quota is asked for where its `size` is known, roughly: what is
    kept in the end is claimed when it is kept. It is made `at` that moment, else now.
    """
    look = partial(_look, database, place, about, size, at or clock.now())
    try:
        return look()
    except ProblemError as refusal:
        seconds = NEWS_SECONDS.get(refusal.slug)
        if not seconds or not _submitted(database, place) or not AWAITING.acquire(blocking=False):
            raise
    try:
        return _awaited(look, seconds)
    finally:
        AWAITING.release()


def _awaited(look: Callable[[], int], seconds: float) -> int:
    until = time.monotonic() + seconds
    while True:
        time.sleep(LOOK_AGAIN_SECONDS)
        try:
            return look()
        except ProblemError as refusal:
            if refusal.slug not in NEWS_SECONDS or time.monotonic() > until:
                raise


def _look(database: Database, place: Place, about: About, size: int, at: datetime) -> int:
    with database.reading() as session:
        return _largest(session, place, about, size, at)


def _largest(session: Session, place: Place, about: About, size: int, at: datetime) -> int:
    asked = rules.check_upload(asked_for(session, place), place.candidate_no, at)
    check_about(asked, place.candidate_no, about)
    largest = asked.largest(settings().max_file_bytes)
    # One that is too large by itself is refused as that.
    if 0 < size <= largest:
        quota_of(session, place).check(size)
    return largest


def _submitted(database: Database, place: Place) -> bool:
    with database.reading() as session:
        return is_submitted(session, place)
