"""What a tool is bound with."""

import re

import pytest

from shared.bus import EVENTS, Binding
from shared.bus.tools import NAME, bindings_for, hears, unsealed
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


SEALED = ["moderation.decided.v1", "moderation.returned.v1"]
TOLD = ["marks.submitted.v1", "moderation.begun.v1", "sample.generated.v1"]


@pytest.mark.parametrize(
    ("pattern", "narrowed"),
    [
        ("#", TOLD),
        ("*.*.v1", TOLD),
        ("moderation.#", ["moderation.begun.v1"]),
        ("sample.#", ["sample.*.*"]),
        ("marks.#", ["marks.*.*"]),
    ],
)
def test_a_tool_of_a_centre_hears_nothing_that_is_sealed(pattern: str, narrowed: list[str]) -> None:
    found = [one.pattern for one in bindings_for([pattern], ["68101"], TOLD, SEALED)]
    assert not any(matches(one, f"{key}.68101.p1") for one in found for key in SEALED)
    assert found == [f"{named}.68101.#" for named in narrowed]


def test_what_is_sealed_alone_cannot_be_bound_for_a_centre() -> None:
    assert bindings_for(SEALED[:1], [], TOLD, SEALED) == [Binding(EVENTS, SEALED[0])]
    with pytest.raises(ValueError, match=r"moderation\.decided"):
        bindings_for(SEALED[:1], ["68101"], TOLD, SEALED)


@pytest.mark.parametrize(
    ("pattern", "left"),
    [
        ("moderation.*.*.68101.#", ["moderation.begun.v1.68101.#"]),
        ("moderation.*.v1.68101.p1", ["moderation.begun.v1.68101.p1"]),
        ("moderation.decided.v1.68101.#", []),
        ("marks.*.*.68101.#", ["marks.*.*.68101.#"]),
        ("moderation.#", ["moderation.#"]),
        ("#", ["#"]),
    ],
)
def test_a_pattern_that_names_a_centre_loses_what_is_sealed(pattern: str, left: list[str]) -> None:
    assert [one.pattern for one in unsealed([pattern], TOLD, SEALED)] == left
    if not left:
        with pytest.raises(ValueError, match=re.escape(pattern)):
            bindings_for([pattern], [], TOLD, SEALED)


@pytest.mark.parametrize(
    "pattern",
    [
        "#",
        "*.*.*.*.*",
        "marks.#",
        "#.p1",
        "#.v1.#",
        "marks.#.p1",
        "*.submitted.v1.*.*",
        "marks.submitted.v1.68101.#",
        "marks.submitted.v1.68101.p1",
        "marks.submitted.*.#.*.*",
    ],
)
def test_a_pattern_hears_the_events_that_there_are(pattern: str) -> None:
    assert hears(pattern, TOLD)


@pytest.mark.parametrize(
    "pattern",
    [
        "nope.#",
        "marks.submited.#",
        "marks.submitted.v2.#",
        "marks.submitted.v1",
        "marks.submitted.v1.68101",
        "marks.submitted.v1.68101.p1.more",
        "*.*.*.*",
        "nope.*.*.68101.#",
        "*",
        "moderation.decided.#",
    ],
)
def test_a_pattern_that_hears_nothing_is_known(pattern: str) -> None:
    assert not hears(pattern, TOLD)


@pytest.mark.parametrize("name", ["", "-a", "a-", "A", "a.b", "a'b", "a" * 41])
def test_a_name_is_safe_everywhere(name: str) -> None:
    assert not NAME.fullmatch(name)
    assert NAME.fullmatch("results-service-2")
