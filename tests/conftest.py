"""What holds for every test."""

from pathlib import Path

import pytest
from hypothesis import settings

UNIT = Path(__file__).parent / "unit"
BROWSER = Path(__file__).parent / "browser"

# A time is never asserted: how long an example takes depends on the machine.
settings.register_profile("iamis", deadline=None)
settings.load_profile("iamis")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Unit tests open no socket; the others reach this machine only."""
    for item in items:
        if item.path.is_relative_to(UNIT):
            item.add_marker(pytest.mark.disable_socket)
        else:
            item.add_marker(pytest.mark.allow_hosts(["127.0.0.1", "::1", "localhost"]))
        if item.path.is_relative_to(BROWSER):
            # A browser on a busy machine may be late once; the summary counts what was tried again.
            item.add_marker(pytest.mark.flaky(reruns=1))
