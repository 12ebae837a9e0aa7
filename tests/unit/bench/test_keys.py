"""What a key costs is put together from the events of a browser's trace."""

from typing import Any

from tests.bench.keys import figures, per_key


def dispatch(kind: str, at: int, wall: int, processor: int) -> dict[str, Any]:
    """An event of the trace, its times in microseconds."""
    data = {"args": {"data": {"type": kind}}}
    return {"name": "EventDispatch", "ts": at, "dur": wall, "tdur": processor} | data


def test_a_key_is_all_its_events_and_none_of_them_twice() -> None:
    events = [
        {"name": "Layout", "ts": 1, "dur": 9, "tdur": 9, "args": {}},
        dispatch("keydown", 10, 5000, 2000),
        dispatch("keypress", 6000, 4000, 1000),
        dispatch("input", 7000, 1000, 500),
        dispatch("mousemove", 11_000, 100, 100),
        dispatch("keydown", 20_000, 900, 800),
    ]
    assert per_key(events) == [3.0, 0.8]


def test_the_middle_the_late_and_the_most() -> None:
    assert figures([*range(1, 100), 500]) == (50.5, 500, 500)
