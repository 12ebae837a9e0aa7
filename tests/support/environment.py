"""The settings of the process of the tests, which a command run in it may change."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from shared.settings import settings


@contextmanager
def restored() -> Iterator[None]:
    """What a command adopted is not left to those that follow."""
    before = variables()
    yield
    now = variables()
    if now != before:
        for name in now.keys() - before.keys():
            del os.environ[name]
        os.environ.update(before)
        settings.cache_clear()


def variables() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name.startswith("IAMIS_")}
