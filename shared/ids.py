"""Identifiers: time-ordered UUIDs, opaque to every reader."""

import re

import uuid_utils

# What names a thing in paths and bodies (contract, "Identifiers").
IDENTIFIER = r"[A-Za-z0-9_-]{1,64}"


# What a centre is known by to its board.
CENTRE_NO = re.compile(r"[0-9]{5}")


def new_id() -> str:
    """A UUIDv7 as 32 hexadecimal digits: fits `[A-Za-z0-9_-]+` and sorts by time of making."""
    return uuid_utils.uuid7().hex


def new_uuid() -> str:
    """A UUIDv7 in its usual form with hyphens (CloudEvents `id`)."""
    return str(uuid_utils.uuid7())
