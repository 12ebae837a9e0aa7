"""What a centre declares, and what keeps it from submitting."""

import pytest

from services.marks.domain.marking import Mark
from services.marks.domain.paper import PaperRules, Task
from services.marks.domain.submission import (
    Incomplete,
    check_declarations,
    checklist,
    require_complete,
)
from shared.errors import ConflictError, UnprocessableError

RULES = PaperRules(tasks=(Task("Task 1", 40), Task("Task 2", 40)), initials_required=True)
ALL = {"authenticated": True, "standardised": True, "candidates_informed": True}


def test_all_three_declarations_are_enough() -> None:
    check_declarations({"declarations": ALL})


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({"declarations": ALL | {"authenticated": False}}, ["authenticated"]),
        ({"declarations": ALL | {"standardised": None}}, ["standardised"]),
        ({"declarations": ALL | {"candidates_informed": "true"}}, ["candidates_informed"]),
        ({"declarations": ALL | {"standardised": 1}}, ["standardised"]),
        ({"declarations": {"authenticated": True}}, ["standardised", "candidates_informed"]),
        ({"declarations": [True, True, True]}, list(ALL)),
        ({"declarations": None}, list(ALL)),
        ({}, list(ALL)),
    ],
)
def test_a_declaration_not_made_is_named(body: object, wrong: list[str]) -> None:
    with pytest.raises(UnprocessableError) as refused:
        check_declarations(body)
    pointers = [error.pointer for error in refused.value.errors]
    assert pointers == [f"/declarations/{name}" for name in wrong]


def test_a_submission_is_an_object() -> None:
    with pytest.raises(UnprocessableError):
        check_declarations([])


def test_the_checklist_names_every_incomplete_candidate() -> None:
    sheet = [
        ("1054", "JONES : SIÂN", Mark(tasks=(15, None), initials="AB")),
        ("1055", "JONES : TOM", Mark(tasks=(15, 20), initials="AB")),
        ("1056", "PUW : ANN", Mark(tasks=(None, None), code="A")),
        ("1057", "PUW : BEN", Mark(tasks=(None, None))),
    ]
    assert checklist(RULES, sheet) == [
        Incomplete("1054", "JONES : SIÂN", ("Task 2",)),
        Incomplete("1057", "PUW : BEN", ("Task 1", "Task 2", "Teacher initials")),
    ]


def test_incomplete_is_a_conflict_that_lists_all_that_is_missing() -> None:
    with pytest.raises(ConflictError) as refused:
        require_complete([Incomplete("1054", "JONES : SIÂN", ("Task 2",))])
    assert refused.value.extra == {
        "missing": [{"candidate_no": "1054", "name": "JONES : SIÂN", "what": ["Task 2"]}]
    }


def test_a_complete_sheet_is_no_conflict() -> None:
    require_complete([])
