"""What a moderator may record as a clerical error."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.marks.domain.clerical import ClericalError, read_clerical_error
from services.marks.domain.marking import Mark
from services.marks.domain.paper import PaperRules, Task
from shared.errors import ProblemError, UnprocessableError

TWO = PaperRules(tasks=(Task("Task 1", 40), Task("Task 2", 20)))
GRADED = PaperRules(outcomes=("Merit", "Pass"))
MARK = Mark(tasks=(15, 20), initials="AB")
ABSENT = Mark(tasks=(None, None), code="A")


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"tasks": [40, 0], "reason": "slip"}, ClericalError((40, 0), 40, "slip")),
        ({"total": 60, "tasks": None, "reason": " a\nb "}, ClericalError(None, 60, "a\nb")),
        ({"total": 0, "reason": "x" * 1000}, ClericalError(None, 0, "x" * 1000)),
    ],
)
def test_an_amended_mark_is_read(body: dict[str, Any], error: ClericalError) -> None:
    assert read_clerical_error(TWO, MARK, body) == error


@pytest.mark.parametrize(
    ("rules", "mark", "body", "pointers"),
    [
        pytest.param(TWO, MARK, {"reason": "r"}, [""], id="neither"),
        pytest.param(
            TWO, MARK, {"tasks": [1, 2], "total": 3, "reason": "r"}, ["/tasks", "/total"], id="both"
        ),
        pytest.param(TWO, MARK, {"tasks": [1, None], "reason": "r"}, ["/tasks/1"], id="null task"),
        pytest.param(TWO, MARK, {"tasks": [41, True], "reason": "r"}, ["/tasks/0", "/tasks/1"]),
        pytest.param(TWO, MARK, {"tasks": [1], "reason": "r"}, ["/tasks"], id="too few"),
        pytest.param(TWO, MARK, {"tasks": 5, "reason": "r"}, ["/tasks"], id="no list"),
        pytest.param(TWO, MARK, {"total": 61, "reason": "r"}, ["/total"], id="above the maximum"),
        pytest.param(TWO, MARK, {"total": -1, "reason": "r"}, ["/total"], id="negative"),
        pytest.param(TWO, MARK, {"total": 3.0, "reason": "r"}, ["/total"], id="fraction"),
        pytest.param(TWO, MARK, {"total": False, "reason": "r"}, ["/total"], id="boolean"),
        pytest.param(TWO, MARK, {"total": 1}, ["/reason"], id="no reason"),
        pytest.param(TWO, MARK, {"total": 1, "reason": " "}, ["/reason"], id="blank reason"),
        pytest.param(TWO, MARK, {"total": 1, "reason": 5}, ["/reason"], id="reason no text"),
        pytest.param(TWO, MARK, {"total": 1, "reason": "x" * 1001}, ["/reason"], id="long reason"),
        pytest.param(TWO, MARK, {"total": 1, "reason": "\x00"}, ["/reason"], id="NUL"),
        pytest.param(TWO, MARK, {"total": 1, "reason": "\ud800"}, ["/reason"], id="surrogate"),
        pytest.param(TWO, MARK, {"total": 99}, ["/total", "/reason"], id="all at once"),
        pytest.param(TWO, ABSENT, {"total": 1, "reason": "r"}, [""], id="absent"),
        pytest.param(GRADED, Mark(outcome="Pass"), {"total": 1, "reason": "r"}, ["/total"]),
        pytest.param(GRADED, Mark(outcome="Pass"), {"tasks": [1], "reason": "r"}, ["/tasks"]),
        pytest.param(TWO, MARK, [], [""], id="no object"),
    ],
)
def test_a_correction_is_refused(
    rules: PaperRules, mark: Mark, body: object, pointers: list[str]
) -> None:
    with pytest.raises(UnprocessableError) as refused:
        read_clerical_error(rules, mark, body)
    assert [error.pointer for error in refused.value.errors] == pointers


@given(st.lists(st.integers(-1, 41), max_size=3), st.integers() | st.floats() | st.none())
def test_what_is_accepted_lies_within_the_maximum(tasks: list[int], total: float | None) -> None:
    body = {"tasks": tasks, "total": total, "reason": "r"}
    if total is not None:
        del body["tasks"]
    try:
        error = read_clerical_error(TWO, MARK, body)
    except ProblemError:
        return
    assert 0 <= error.total <= 60
