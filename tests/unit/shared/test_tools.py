"""What a tool is bound with."""

import pytest

from shared.bus import EVENTS, Binding
from shared.bus.tools import NAME, bindings_for
from shared.bus.topics import matches


@pytest.mark.parametrize(
    ("pattern", "narrowed"),
    [
        ("#", "*.*.*.68101.#"),
        ("marks.#", "marks.*.*.68101.#"),
        ("marks.submitted.#", "marks.submitted.*.68101.#"),
        ("marks.submitted.v1.#", "marks.submitted.v1.68101.#"),
        ("marks.submitted.v1", "marks.submitted.v1.68101.#"),
        ("*.submitted.#", "*.submitted.*.68101.#"),
    ],
)
def test_a_centre_narrows_a_pattern(pattern: str, narrowed: str) -> None:
    assert bindings_for([pattern], ["68101"]) == [Binding(EVENTS, narrowed)]
    assert matches(narrowed, "marks.submitted.v1.68101.p1")
    assert not matches(narrowed, "marks.submitted.v1.68102.p1")


def test_each_pattern_goes_with_each_centre_once() -> None:
    found = bindings_for(["marks.#", "marks.*.#", "sample.#"], ["68101", "68102"])
    assert [binding.pattern for binding in found] == [
        "marks.*.*.68101.#",
        "marks.*.*.68102.#",
        "sample.*.*.68101.#",
        "sample.*.*.68102.#",
    ]


@pytest.mark.parametrize("pattern", ["", "marks..v1", "marks submitted", "a" * 256, "marks.$.v1"])
def test_what_is_no_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        bindings_for([pattern], [])


@pytest.mark.parametrize("pattern", ["marks.submitted.v1.68101.#", "#.p1", "marks.#.v1"])
def test_a_pattern_that_reaches_past_the_type_cannot_be_narrowed(pattern: str) -> None:
    assert bindings_for([pattern], []) == [Binding(EVENTS, pattern)]
    with pytest.raises(ValueError, match=r".*"):
        bindings_for([pattern], ["68101"])


@pytest.mark.parametrize("name", ["", "-a", "a-", "A", "a.b", "a'b", "a" * 41])
def test_a_name_is_safe_everywhere(name: str) -> None:
    assert not NAME.fullmatch(name)
    assert NAME.fullmatch("results-service-2")
