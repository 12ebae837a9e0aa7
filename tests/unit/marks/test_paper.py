"""Series, titles and the rules of a paper."""

import pytest

from services.marks.domain.paper import PaperRules, Series, Task, full_title
from shared.findings import InvalidValueError


@pytest.mark.parametrize("text", ["JUNE 2031", "june 2031", "  June\t 2031 "])
def test_a_series_is_read_from_files_and_screens(text: str) -> None:
    series = Series.parse(text)
    assert series == Series("JUNE", 2031)
    assert str(series) == "JUNE 2031"


@pytest.mark.parametrize(
    "text", ["", "JUNE", "2031", "JUNE 31", "JUNE 20311", "JUIN 2031", "JUNE 2031 X", "JUNE ٢٠٣١"]
)
def test_other_text_is_no_series(text: str) -> None:
    with pytest.raises(InvalidValueError):
        Series.parse(text)


@pytest.mark.parametrize(
    ("unit", "title"),
    [
        ("UNIT 1 ORACY", "GCSE NOVEMBER 2023 ENGLISH LANGUAGE UNIT 1 ORACY (3700U1)"),
        ("", "GCSE NOVEMBER 2023 ENGLISH LANGUAGE (3700U1)"),
    ],
)
def test_the_full_title_is_the_one_of_the_menu(unit: str, title: str) -> None:
    assert title == full_title(
        qualification="GCSE",
        series=Series("NOVEMBER", 2023),
        title="ENGLISH LANGUAGE",
        unit=unit,
        code="3700U1",
    )


def test_a_single_task_is_called_the_mark() -> None:
    one, two = Task("Folder", 40), Task("Talk", 35)
    assert PaperRules(tasks=(one, two)).named_tasks == (one, two)
    assert PaperRules(tasks=(one,)).named_tasks == (Task("Mark", 40),)
    assert PaperRules(outcomes=("Pass",)).named_tasks == ()


def test_the_maximum_is_the_sum_of_the_tasks() -> None:
    assert PaperRules(tasks=(Task("Task 1", 40), Task("Task 2", 35))).maximum == 75
    assert PaperRules(outcomes=("Pass",)).maximum is None


@pytest.mark.parametrize(
    ("outcomes", "everything"),
    [
        (("Merit", "Pass"), ("Merit", "Pass", "Not classified")),
        (("Merit", "not classified"), ("Merit", "not classified")),
        (None, ()),
    ],
)
def test_not_classified_is_an_outcome_once(
    outcomes: tuple[str, ...] | None, everything: tuple[str, ...]
) -> None:
    assert PaperRules(outcomes=outcomes).all_outcomes == everything


@pytest.mark.parametrize(
    ("typed", "name"),
    [("Pass", "Pass"), (" pASS ", "Pass"), ("NOT CLASSIFIED", "Not classified"), ("Pas", None)],
)
def test_an_outcome_is_found_whatever_its_case(typed: str, name: str | None) -> None:
    assert PaperRules(outcomes=("Merit", "Pass")).outcome_named(typed) == name
