"""What fails here once is a fault: only where processes and browsers are waited for is it luck."""

import pytest


def test_what_waits_for_no_process_is_tried_once(request: pytest.FixtureRequest) -> None:
    assert request.node.get_closest_marker("flaky") is None
    assert not request.config.getoption("reruns")
