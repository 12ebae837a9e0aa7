"""What holds for every test."""

from pathlib import Path

import pytest
from hypothesis import settings

UNIT = Path(__file__).parent / "unit"

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
