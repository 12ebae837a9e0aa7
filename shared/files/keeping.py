"""Keeping a file in the object storage with its row: both of them, or neither."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError

from shared.errors import ProblemError
from shared.storage import Storage, StoreRefusesError, unavailable

log = logging.getLogger(__name__)


def check_stored(storage: Storage, key: str, size: int) -> None:
    """Raise where the store does not have all of what it was sent."""
    if storage.stat(key) != size:
        log.error("the store has another size", extra={"object": key, "size": size})
        raise unavailable()


@contextmanager
def nothing_left_on_failure(
    storage: Storage, key: str, is_listed: Callable[[], bool]
) -> Iterator[None]:
    """Have the object gone where what is done fails; `is_listed` tells whether its row is there."""
    try:
        yield
    except BaseException:
        _remove_unlisted(storage, key, is_listed)
        raise


def _remove_unlisted(storage: Storage, key: str, is_listed: Callable[[], bool]) -> None:
    """Remove the object unless its row is there after all (a commit may fail in its answer).

    Where the bucket keeps versions none stays: a virus may be in it. Where store or database are
    down the object stays: better one too many than one too few.
    """
    try:
        if not is_listed():
            storage.erase(key)
    except (ProblemError, StoreRefusesError, SQLAlchemyError):
        log.exception("an object may be left without its row", extra={"object": key})
