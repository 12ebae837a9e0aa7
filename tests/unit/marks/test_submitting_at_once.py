"""Submissions and saves at the same moment: one submission, and what it tells is what is stored.

They are worth most with `--database postgresql`, where transactions run side by side.
"""

from functools import partial

import pytest

from services.marks.domain.marking import Mark
from tests.support.service import ServiceUnderTest
from tests.support.together import together
from tests.unit.marks.builders import make_paper, make_sheet
from tests.unit.marks.sheets import ADMIN, history, line_of, put, read, sheet_path, submit

pytestmark = pytest.mark.usefixtures("no_race_lost")
EVENT = "marks.submitted.v1"
NUMBERS = [f"{number:04d}" for number in range(1, 11)]
ROUNDS = range(1, 6)


@pytest.fixture
def paper(marks: ServiceUnderTest) -> str:
    paper = make_paper(marks)
    make_sheet(marks, paper, *NUMBERS, mark=Mark(tasks=(15, 20)))
    return paper


def stored(marks: ServiceUnderTest, paper: str) -> list[object]:
    return [line["tasks"] for line in read(marks, paper, rows="all")["candidates"]]


def test_of_many_at_once_exactly_one_submits(marks: ServiceUnderTest, paper: str) -> None:
    answers = together(*[partial(submit, marks, paper)] * 8)
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert len({answer.json["id"] for answer in answers if answer.json}) == 1
    assert len(marks.emitted(EVENT)) == 1


def test_saves_in_flight_are_in_the_submission_or_refused(
    marks: ServiceUnderTest, paper: str
) -> None:
    saves = [partial(put, marks, paper, "0001", {"tasks": [number, 0]}) for number in ROUNDS]
    submitted, *saved = together(partial(submit, marks, paper), *saves)
    assert submitted.status_code == 201
    assert {answer.status_code for answer in saved} <= {200, 409}
    (event,) = marks.emitted(EVENT)
    assert [one["tasks"] for one in event.data["candidates"]] == stored(marks, paper)
    assert len(history(marks, paper, "0001")) == sum(one.status_code == 200 for one in saved)


def test_a_batch_in_flight_is_in_the_submission_whole_or_refused_whole(
    marks: ServiceUnderTest,
) -> None:
    for turn in ROUNDS:
        paper = make_paper(marks, code=f"3700B{turn}")
        make_sheet(marks, paper, *NUMBERS, mark=Mark(tasks=(15, 20)))
        rows = [{"candidate_no": number, "tasks": [turn, 0]} for number in NUMBERS]
        path = f"{sheet_path(paper)}?atomic=true"
        save = partial(marks.call, "PATCH", path, ADMIN, json={"candidates": rows})
        submitted, saved = together(partial(submit, marks, paper), save)
        assert submitted.status_code == 201
        assert saved.status_code in {200, 422}
        wanted = [turn, 0] if saved.status_code == 200 else [15, 20]
        assert stored(marks, paper) == [wanted] * len(NUMBERS)
        event = marks.emitted(EVENT)[-1]
        assert [one["tasks"] for one in event.data["candidates"]] == stored(marks, paper)


def test_a_mark_cleared_while_the_sheet_is_submitted(marks: ServiceUnderTest) -> None:
    for turn in ROUNDS:
        paper = make_paper(marks, code=f"3700C{turn}")
        make_sheet(marks, paper, *NUMBERS, mark=Mark(tasks=(15, 20)))
        submitted, cleared = together(
            partial(submit, marks, paper), partial(put, marks, paper, "0001", {"clear": True})
        )
        # Whoever came first: what is submitted is not cleared, what is cleared not submitted.
        assert (submitted.status_code, cleared.status_code) in {(201, 409), (409, 200)}
        assert line_of(marks, paper, "0001")["locked"] is (submitted.status_code == 201)
