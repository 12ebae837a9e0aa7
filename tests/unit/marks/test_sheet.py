"""How far a centre is with a paper, and the order of its marksheet."""

import pytest

from services.marks.domain.marking import Mark
from services.marks.domain.paper import PaperRules, Task
from services.marks.domain.sheet import CODED, UNMARKED, PaperState, Progress, standing

TASKS = PaperRules(tasks=(Task("Task 1", 40),))
GRADED = PaperRules(outcomes=("Merit", "Pass"))


@pytest.mark.parametrize(
    ("counts", "state", "left"),
    [
        ((0, 0, 0, 0), PaperState.NOT_STARTED, 0),
        ((8, 0, 0, 0), PaperState.NOT_STARTED, 8),
        ((8, 1, 0, 0), PaperState.UNDER_WAY, 8),
        ((8, 8, 7, 0), PaperState.UNDER_WAY, 1),
        ((8, 8, 8, 0), PaperState.COMPLETE, 0),
        ((8, 8, 8, 8), PaperState.SUBMITTED, 0),
        ((9, 8, 8, 8), PaperState.REOPENED, 1),
        ((9, 9, 9, 8), PaperState.REOPENED, 0),
        # Who was submitted is withdrawn since.
        ((0, 0, 0, 0), PaperState.SUBMITTED, 0),
        ((1, 0, 0, 0), PaperState.REOPENED, 1),
    ],
)
def test_the_state_follows_the_counts(
    counts: tuple[int, int, int, int], state: PaperState, left: int
) -> None:
    is_submitted = state in {PaperState.SUBMITTED, PaperState.REOPENED}
    progress = Progress(*counts, is_submitted=is_submitted)
    assert (progress.state, progress.left) == (state, left)


def test_marks_sort_highest_first_then_codes_then_the_unmarked() -> None:
    marks = [
        Mark(tasks=(None,)),
        Mark(tasks=(0,)),
        Mark(tasks=(None,), code="A"),
        Mark(tasks=(40,)),
    ]
    ranked = sorted(marks, key=lambda mark: -standing(TASKS, mark, mark.total))
    assert [(mark.total, mark.code) for mark in ranked] == [
        (40, None),
        (0, None),
        (None, "A"),
        (None, None),
    ]


def test_the_amended_total_is_what_sorts() -> None:
    assert standing(TASKS, Mark(tasks=(40,)), 12) == 12


@pytest.mark.parametrize(
    ("mark", "place"),
    [
        (Mark(outcome="Merit"), 2),
        (Mark(outcome="Pass"), 1),
        (Mark(outcome="Not classified"), 0),
        (Mark(code="A"), CODED),
        (Mark(), UNMARKED),
    ],
)
def test_outcomes_sort_highest_first(mark: Mark, place: int) -> None:
    assert standing(GRADED, mark, None) == place
