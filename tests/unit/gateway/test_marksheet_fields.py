"""What is typed in a row, and the change of a mark it means."""

from typing import Any

import pytest

from services.gateway.marksheet.fields import (
    Field,
    change_of,
    fields_of,
    key_at,
    says_absent,
    texts_of,
)

from .sheets import BY_OUTCOME, ONE_TASK, TWO_TASKS, candidate, marked

BLANK = {"t0": "", "t1": ""}
MARKED = {"t0": "15", "t1": "20"}
CODED = {"t0": "A", "t1": ""}

CHANGES: list[tuple[dict[str, str], dict[str, str], dict[str, Any]]] = [
    ({"t0": "15"}, BLANK, {"tasks": [15, None]}),
    ({"t0": " 015 ", "t1": "0"}, BLANK, {"tasks": [15, 0]}),
    ({"t0": "", "t1": ""}, MARKED, {"clear": True}),
    ({"t1": ""}, MARKED, {"tasks": [15, None]}),
    # What is no whole number is for the service to refuse.
    ({"t0": "15.5"}, BLANK, {"tasks": ["15.5", None]}),
    ({"t0": "-1"}, BLANK, {"tasks": ["-1", None]}),
    ({"t0": "٣"}, BLANK, {"tasks": ["٣", None]}),
    ({"t0": "9" * 10}, BLANK, {"tasks": ["9" * 10, None]}),
    # A code stands for the whole candidate.
    ({"t0": "a"}, BLANK, {"code": "A"}),
    ({"t1": "A"}, MARKED, {"code": "A"}),
    ({"t0": "c"}, MARKED, {"code": "CF"}),
    ({"t0": "cf", "t1": "C"}, MARKED, {"code": "CF"}),
    # And a mark typed over it, or beside it, takes its place.
    ({"t0": "15"}, CODED, {"tasks": [15, None]}),
    ({"t1": "20"}, CODED, {"tasks": [None, 20]}),
    ({"t0": ""}, CODED, {"clear": True}),
    # Both typed at once: nobody can tell what was meant.
    ({"t0": "A", "t1": "20"}, BLANK, {"tasks": ["A", 20]}),
    ({"t0": "A", "t1": "CF"}, BLANK, {"tasks": ["A", "CF"]}),
]


@pytest.mark.parametrize(("typed", "was", "change"), CHANGES)
def test_the_marks_of_tasks(
    typed: dict[str, str], was: dict[str, str], change: dict[str, Any]
) -> None:
    assert change_of(was | typed, was) == change


@pytest.mark.parametrize(
    ("typed", "was", "change"),
    [
        (("Pass", ""), ("", ""), {"outcome": "Pass"}),
        (("", "A"), ("", ""), {"code": "A"}),
        (("Pass", "A"), ("Pass", ""), {"code": "A"}),
        (("Pass", "A"), ("", "A"), {"outcome": "Pass"}),
        (("", ""), ("Pass", ""), {"clear": True}),
        (("Pass", "A"), ("", ""), {"outcome": "Pass", "code": "A"}),
    ],
)
def test_outcomes(typed: tuple[str, str], was: tuple[str, str], change: dict[str, Any]) -> None:
    keys = ("outcome", "code")
    got = change_of(dict(zip(keys, typed, strict=True)), dict(zip(keys, was, strict=True)))
    assert got == change


def test_initials_go_with_whatever_the_row_says() -> None:
    was = MARKED | {"initials": "AB"}
    assert change_of(was | {"initials": "CD"}, was) == {"tasks": [15, 20], "initials": "CD"}
    assert change_of(was | {"t0": "A"}, was) == {"code": "A", "initials": "AB"}


@pytest.mark.parametrize(
    ("texts", "absent"),
    [
        (CODED, True),
        ({"t0": "", "t1": " a"}, True),
        ({"outcome": "A", "code": ""}, False),
        ({"outcome": "", "code": "A"}, True),
        ({"t0": "CF", "t1": "", "initials": "A"}, False),
    ],
)
def test_who_is_said_to_be_absent(texts: dict[str, str], absent: bool) -> None:  # noqa: FBT001
    assert says_absent(texts) is absent


@pytest.mark.parametrize(
    ("pointer", "texts", "key"),
    [
        ("/tasks/1", MARKED, "t1"),
        ("/tasks/7", MARKED, "t0"),
        ("/tasks", MARKED, "t0"),
        ("/code", {"t0": "", "t1": "cf"}, "t1"),
        ("/code", {"outcome": "", "code": "CF"}, "code"),
        ("/outcome", {"outcome": "x", "code": ""}, "outcome"),
        ("/initials", MARKED | {"initials": "1"}, "initials"),
        ("/version", MARKED, "t0"),
        ("", MARKED, "t0"),
    ],
)
def test_the_cell_a_refusal_speaks_of(pointer: str, texts: dict[str, str], key: str) -> None:
    assert key_at(pointer, texts) == key


def test_the_fields_of_papers() -> None:
    assert fields_of(TWO_TASKS) == [
        Field("t0", "Task 1 (Max: 40)", 40),
        Field("t1", "Task 2 (Max: 30)", 30),
        Field("initials", "Teacher Initials"),
    ]
    assert fields_of(ONE_TASK) == [Field("t0", "Mark (Max: 120)", 120)]
    outcome, code = fields_of(BY_OUTCOME | {"linear": True})
    assert outcome.options == ["Distinction", "Pass", "Not classified"]
    assert code.options == ["A", "CF"]
    named = fields_of(BY_OUTCOME | {"not_classified": "PASS"})
    assert named[0].options == ["Distinction", "Pass"]


def test_what_a_row_shows() -> None:
    fields = fields_of(TWO_TASKS)
    assert texts_of(fields, marked("1054", 0, 7)) == {"t0": "0", "t1": "7", "initials": "AB"}
    assert texts_of(fields, candidate(code="CF")) == {"t0": "CF", "t1": "", "initials": ""}
    by_outcome = candidate(tasks=None, outcome="Pass")
    assert texts_of(fields_of(BY_OUTCOME), by_outcome) == {"outcome": "Pass", "code": ""}
