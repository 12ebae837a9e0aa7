"""What is tried again when it fails, for a busy machine may be late once: no guard, and no race."""

import pytest


def test_a_guard_is_tried_once(request: pytest.FixtureRequest) -> None:
    assert request.node.get_closest_marker("flaky") is None
    assert not request.config.getoption("reruns")
