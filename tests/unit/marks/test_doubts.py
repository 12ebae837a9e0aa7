"""What looks wrong before a submission, each rule by cases.

None of them may speak of what is usual.
"""

import pytest

from services.marks.domain.doubts import doubts
from services.marks.domain.marking import Mark
from services.marks.domain.paper import PaperRules, Task

TWO = PaperRules(tasks=(Task("Task 1", 40), Task("Task 2", 40)))
ONE = PaperRules(tasks=(Task("Portfolio", 80),))
GRADED = PaperRules(outcomes=("Merit", "Pass"))

SPREAD = [40, 42, 44, 45, 46, 48, 50, 51, 53, 55]
FAR = "The total of {} is far from the others."
NO_WORK = "Every task has 0. If there is no work at all, the candidate is absent (A)."


def marks(*totals: int) -> list[Mark]:
    return [Mark(tasks=(total,)) for total in totals]


def found(rules: PaperRules, given: list[Mark]) -> list[tuple[str, str]]:
    lines = [(f"{number:04d}", "JONES : SIÂN", mark) for number, mark in enumerate(given, 1)]
    return [(doubt.candidate_no, doubt.what) for doubt in doubts(rules, lines)]


@pytest.mark.parametrize(
    ("case", "given", "wanted"),
    [
        ("five equal totals", marks(*[30] * 5), [("", "Every candidate has the same mark, 30.")]),
        ("four equal totals", marks(*[30] * 4), []),
        ("one differs", marks(30, 30, 30, 30, 31), []),
        ("a total far below", marks(*SPREAD, 3), [("0011", FAR.format(3))]),
        ("a total far above", marks(*SPREAD, 80), [("0011", FAR.format(80))]),
        ("the best of a usual class", marks(*SPREAD, 65), []),
        ("a wide class", marks(5, 12, 20, 30, 38, 45, 52, 60, 70, 78, 80), []),
        ("all but one equal", marks(*[40] * 10, 10), [("0011", FAR.format(10))]),
        ("all but one equal, and it is near", marks(*[40] * 10, 30), []),
        ("far, but of few", marks(40, 41, 42, 3), []),
        ("no mark but zero", marks(*SPREAD, 0), [("0011", NO_WORK)]),
        ("codes count for nothing", [*marks(*SPREAD), Mark(code="A"), Mark(code="CF")], []),
        ("a mark that is missing", [Mark(tasks=(None,))], []),
        ("nobody", [], []),
        (
            "most are absent",
            [*marks(1, 2), *[Mark(code="A")] * 5],
            [("", "5 of 7 candidates are absent.")],
        ),
        ("half are absent", [*marks(1, 2, 3, 4, 5), *[Mark(code="A")] * 5], []),
        ("few, and most absent", [*marks(1), *[Mark(code="A")] * 4], []),
    ],
)
def test_a_paper_of_one_mark(case: str, given: list[Mark], wanted: list[tuple[str, str]]) -> None:
    assert found(ONE, given) == wanted, case


@pytest.mark.parametrize(
    ("case", "tasks", "wanted"),
    [
        ("both marked", (1, 2), []),
        ("one forgotten, perhaps", (0, 20), ["Task 1 has 0, but there are marks for the rest."]),
        ("the other one", (20, 0), ["Task 2 has 0, but there are marks for the rest."]),
        ("no work, perhaps", (0, 0), [NO_WORK]),
        ("not marked yet", (0, None), []),
    ],
)
def test_zeros_among_tasks(case: str, tasks: tuple[int | None, ...], wanted: list[str]) -> None:
    assert [what for _number, what in found(TWO, [Mark(tasks=tasks)])] == wanted, case


def test_outcomes() -> None:
    same = [Mark(outcome="Pass")] * 5
    assert found(GRADED, same) == [("", "Every candidate has the same outcome, Pass.")]
    assert found(GRADED, [*same, Mark(outcome="Merit")]) == []
    assert found(GRADED, same[:4]) == []
