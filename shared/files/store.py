"""The object storage that files are kept in."""

import functools

from shared.db import Database
from shared.settings import settings
from shared.storage_parts import PartStorage

# The keys of what moderators attach to their reports begin so; the others are of evidence.
OF_REPORTS = "moderator-reports/"


@functools.cache
def bucket() -> PartStorage:
    """The store with its bucket, made at the first use: a service starts while it is down.

    Raises `UnavailableError`, and tries anew at the next call.
    """
    storage = PartStorage(settings().s3, settings().s3_public_url)
    storage.ensure_bucket()
    return storage


def require_settings(_database: Database) -> None:
    """Name at start-up what is missing to reach the store (`SettingsError`)."""
    _ = settings().s3
