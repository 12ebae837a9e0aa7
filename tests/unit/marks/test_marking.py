"""What may be put in a mark, and when it is complete."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.marks.domain.marking import Change, Mark, apply, complete, missing
from services.marks.domain.paper import PaperRules, Task
from shared.errors import ProblemError, UnprocessableError

TWO = PaperRules(tasks=(Task("Task 1", 40), Task("Task 2", 20)))
LINEAR = PaperRules(tasks=TWO.tasks, linear=True, initials_required=True)
GRADED = PaperRules(outcomes=("Merit", "Pass"))
MARKED = Mark(tasks=(15, 20), initials="AB")
BLANK = Mark.blank(TWO)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)
BODY = st.fixed_dictionaries(
    {},
    optional={
        "tasks": st.lists(st.none() | st.integers(-1, 45) | JSON, max_size=3) | JSON,
        "code": st.sampled_from(["A", "a", "c", "CF"]) | JSON,
        "outcome": st.sampled_from(["Pass", "merit"]) | JSON,
        "clear": st.booleans() | JSON,
        "initials": st.just("ab") | JSON,
        "version": st.integers(-1, 5) | JSON,
    },
)


def put(rules: PaperRules, body: object, current: Mark | None = None) -> Mark:
    return apply(rules, current or Mark.blank(rules), Change.from_json(body))


def pointers_of(rules: PaperRules, body: object) -> list[str]:
    with pytest.raises(UnprocessableError) as refused:
        put(rules, body)
    return [error.pointer for error in refused.value.errors]


@pytest.mark.parametrize(
    ("rules", "body", "mark"),
    [
        (TWO, {"tasks": [15, None]}, Mark(tasks=(15, None))),
        (TWO, {"tasks": [0, 20]}, Mark(tasks=(0, 20))),
        (
            TWO,
            {"tasks": [40, 0], "code": None, "outcome": None, "clear": None},
            Mark(tasks=(40, 0)),
        ),
        (TWO, {"tasks": [None, None]}, BLANK),
        (TWO, {"tasks": [1, 2], "colour": "red"}, Mark(tasks=(1, 2))),
        (TWO, {"code": "A"}, Mark(tasks=(None, None), code="A")),
        (TWO, {"code": " a "}, Mark(tasks=(None, None), code="A")),
        (LINEAR, {"code": "c"}, Mark(tasks=(None, None), code="CF")),
        (LINEAR, {"code": "C"}, Mark(tasks=(None, None), code="CF")),
        (LINEAR, {"code": "cf"}, Mark(tasks=(None, None), code="CF")),
        (LINEAR, {"code": "CF"}, Mark(tasks=(None, None), code="CF")),
        (GRADED, {"code": "A"}, Mark(code="A")),
        (GRADED, {"outcome": "pass"}, Mark(outcome="Pass")),
        (GRADED, {"outcome": "NOT CLASSIFIED"}, Mark(outcome="Not classified")),
        (GRADED, {"clear": True}, Mark()),
        (TWO, {"tasks": [1, 2], "initials": " ab"}, Mark(tasks=(1, 2), initials="AB")),
        (TWO, {"tasks": [1, 2], "version": 0}, Mark(tasks=(1, 2))),
    ],
)
def test_a_change_is_accepted(rules: PaperRules, body: dict[str, Any], mark: Mark) -> None:
    assert put(rules, body) == mark


@pytest.mark.parametrize(
    ("rules", "body", "pointers"),
    [
        pytest.param(TWO, {"tasks": [41, 0]}, ["/tasks/0"], id="above the maximum"),
        pytest.param(TWO, {"tasks": [0, 21]}, ["/tasks/1"], id="each task its own maximum"),
        pytest.param(TWO, {"tasks": [-1, 0]}, ["/tasks/0"], id="negative"),
        pytest.param(TWO, {"tasks": [1.5, 0]}, ["/tasks/0"], id="fraction"),
        pytest.param(TWO, {"tasks": [15.0, 0]}, ["/tasks/0"], id="whole fraction"),
        pytest.param(TWO, {"tasks": ["15", 0]}, ["/tasks/0"], id="text"),
        pytest.param(TWO, {"tasks": ["A", 0]}, ["/tasks/0"], id="a code is not for one task"),
        pytest.param(TWO, {"tasks": [True, False]}, ["/tasks/0", "/tasks/1"], id="booleans"),
        pytest.param(TWO, {"tasks": [float("nan"), 0]}, ["/tasks/0"], id="not a number"),
        pytest.param(TWO, {"tasks": [10**5000, 0]}, ["/tasks/0"], id="huge"),
        pytest.param(TWO, {"tasks": [[], {}]}, ["/tasks/0", "/tasks/1"], id="nested"),
        pytest.param(TWO, {"tasks": [1]}, ["/tasks"], id="too few tasks"),
        pytest.param(TWO, {"tasks": [1, 2, 3]}, ["/tasks"], id="too many tasks"),
        pytest.param(TWO, {"tasks": []}, ["/tasks"], id="no tasks"),
        pytest.param(TWO, {"tasks": "15"}, ["/tasks"], id="tasks no list"),
        pytest.param(GRADED, {"tasks": [1]}, ["/tasks"], id="tasks on an outcome paper"),
        pytest.param(TWO, {"outcome": "Pass"}, ["/outcome"], id="outcome on a task paper"),
        pytest.param(GRADED, {"outcome": "Distinction"}, ["/outcome"], id="unknown outcome"),
        pytest.param(GRADED, {"outcome": 1}, ["/outcome"], id="outcome no text"),
        pytest.param(TWO, {"code": "CF"}, ["/code"], id="carry forward not linear"),
        pytest.param(TWO, {"code": "c"}, ["/code"], id="c not linear"),
        pytest.param(LINEAR, {"code": "X"}, ["/code"], id="unknown code"),
        pytest.param(TWO, {"code": ""}, ["/code"], id="empty code"),
        pytest.param(TWO, {"code": True}, ["/code"], id="code no text"),
        pytest.param(TWO, {"clear": False}, ["/clear"], id="clear false"),
        pytest.param(TWO, {"clear": 1}, ["/clear"], id="clear one"),
        pytest.param(TWO, {}, [""], id="nothing given"),
        pytest.param(TWO, {"tasks": None}, [""], id="null counts as absent"),
        pytest.param(TWO, {"initials": "AB"}, [""], id="initials alone are no change"),
        pytest.param(TWO, {"tasks": [1, 2], "code": "A"}, ["/tasks", "/code"], id="two values"),
        pytest.param(TWO, {"code": "A", "clear": True}, ["/code", "/clear"], id="code and clear"),
        pytest.param(TWO, {"clear": True, "initials": "A1"}, ["/initials"], id="bad initials"),
        pytest.param(TWO, {"clear": True, "initials": 5}, ["/initials"], id="initials no text"),
        pytest.param(TWO, {"clear": True, "version": -1}, ["/version"], id="negative version"),
        pytest.param(TWO, {"clear": True, "version": True}, ["/version"], id="boolean version"),
        pytest.param(TWO, {"clear": True, "version": 1.0}, ["/version"], id="fraction version"),
        pytest.param(TWO, [], [""], id="no object"),
        pytest.param(TWO, None, [""], id="null"),
        pytest.param(
            TWO,
            {"tasks": [99, -1], "initials": "?"},
            ["/initials", "/tasks/0", "/tasks/1"],
            id="all",
        ),
    ],
)
def test_a_change_is_refused(rules: PaperRules, body: object, pointers: list[str]) -> None:
    assert pointers_of(rules, body) == pointers


def test_the_refusal_says_what_is_wrong_in_one_sentence() -> None:
    with pytest.raises(UnprocessableError, match=r"Task 2 must be a whole number from 0 to 20\."):
        put(TWO, {"tasks": [1, 21]})


@pytest.mark.parametrize(
    ("body", "mark"),
    [
        ({"tasks": [1, 2]}, Mark(tasks=(1, 2), initials="AB")),
        ({"tasks": [1, 2], "initials": None}, Mark(tasks=(1, 2), initials="AB")),
        ({"tasks": [1, 2], "initials": ""}, Mark(tasks=(1, 2))),
        ({"code": "A"}, Mark(tasks=(None, None), code="A", initials="AB")),
        ({"clear": True}, Mark(tasks=(None, None), initials="AB")),
    ],
)
def test_a_change_replaces_the_value_and_keeps_initials_when_absent(
    body: dict[str, Any], mark: Mark
) -> None:
    assert put(TWO, body, MARKED) == mark


def test_a_code_gives_way_to_marks() -> None:
    absent = put(TWO, {"code": "A"})
    assert put(TWO, {"tasks": [1, None]}, absent) == Mark(tasks=(1, None))


def test_initials_from_a_form_change_nothing_else() -> None:
    assert apply(TWO, MARKED, Change(initials="cd")) == Mark(tasks=(15, 20), initials="CD")


@pytest.mark.parametrize(
    ("mark", "total", "started"),
    [
        (Mark(tasks=(15, 20)), 35, True),
        (Mark(tasks=(0, 0)), 0, True),
        (Mark(tasks=(15, None)), None, True),
        (Mark(tasks=(None, None), initials="AB"), None, False),
        (Mark(tasks=(None, None), code="A"), None, True),
        (Mark(outcome="Pass"), None, True),
        (Mark(), None, False),
    ],
)
def test_the_total_needs_every_task(mark: Mark, total: int | None, *, started: bool) -> None:
    assert (mark.total, mark.started) == (total, started)


@pytest.mark.parametrize(
    ("rules", "mark", "lacks"),
    [
        (TWO, BLANK, ["Task 1", "Task 2"]),
        (TWO, Mark(tasks=(0, None)), ["Task 2"]),
        (TWO, Mark(tasks=(0, 0)), []),
        (LINEAR, Mark(tasks=(1, None)), ["Task 2", "Teacher initials"]),
        (LINEAR, Mark(tasks=(1, 2)), ["Teacher initials"]),
        (LINEAR, Mark(tasks=(1, 2), initials="AB"), []),
        (LINEAR, Mark(tasks=(None, None), code="A"), []),
        (GRADED, Mark(), ["Outcome"]),
        (GRADED, Mark(outcome="Not classified"), []),
        (GRADED, Mark(code="A"), []),
    ],
)
def test_what_is_missing_is_named(rules: PaperRules, mark: Mark, lacks: list[str]) -> None:
    assert missing(rules, mark) == lacks
    assert complete(rules, mark) == (not lacks)


@given(st.sampled_from([TWO, LINEAR, GRADED]), BODY | JSON)
def test_any_json_is_either_a_mark_within_the_maxima_or_a_problem(
    rules: PaperRules, body: object
) -> None:
    try:
        mark = put(rules, body)
    except ProblemError:
        return
    assert mark.total is None or 0 <= mark.total <= (rules.maximum or 0)
    assert len(mark.tasks or ()) == len(rules.tasks or ())
    assert mark.outcome is None or mark.outcome in rules.all_outcomes


@given(st.lists(st.none() | st.integers(0, 20), min_size=2, max_size=2))
def test_saving_the_same_again_changes_nothing(tasks: list[int | None]) -> None:
    mark = put(TWO, {"tasks": tasks}, MARKED)
    assert put(TWO, {"tasks": tasks, "initials": mark.initials}, mark) == mark
