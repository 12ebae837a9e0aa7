"""The catalogue changed while entries come: marks fit the paper whoever was first.

Worth most with `--database postgresql`, where transactions run side by side.
"""

from functools import partial
from typing import Any

import pytest

from tests.support.service import BOARD, ServiceUnderTest
from tests.support.together import together
from tests.unit.marks.builders import get, make_paper
from tests.unit.marks.entry_files import file, row, send
from tests.unit.marks.sheets import line_of

pytestmark = pytest.mark.usefixtures("no_race_lost")
ROUNDS = range(1, 6)
PAPERS = "/api/marks/papers"


def patch(marks: ServiceUnderTest, paper_id: str, **body: Any) -> Any:
    return marks.call("PATCH", f"{PAPERS}/{paper_id}", BOARD, json=body)


def test_a_change_of_the_tasks_while_its_first_entries_come(marks: ServiceUnderTest) -> None:
    tasks = [{"name": "Talk", "max": 30}]
    for turn in ROUNDS:
        code = f"3700T{turn}"
        paper = make_paper(marks, code=code)
        imported, changed = together(
            partial(send, marks, file(row(1, paper_code=code))),
            partial(patch, marks, paper, tasks=tasks),
        )
        assert imported.status_code == 200
        assert changed.status_code in {200, 409}
        expected = [None] if changed.status_code == 200 else [None, None]
        assert line_of(marks, paper, "0001")["tasks"] == expected


def test_two_papers_linked_to_each_other_at_once(marks: ServiceUnderTest) -> None:
    for turn in ROUNDS:
        one, other = (make_paper(marks, code=f"370{part}T{turn}") for part in (1, 2))
        answers = together(
            partial(patch, marks, one, linked=[other]), partial(patch, marks, other, linked=[one])
        )
        assert [answer.status_code for answer in answers] == [200, 200]
        linked = [get(marks, f"{PAPERS}/{paper}", BOARD)["linked"] for paper in (one, other)]
        assert linked == [[other], [one]]


def test_a_series_copied_twice_at_once_is_there_once(marks: ServiceUnderTest) -> None:
    for number in ROUNDS:
        make_paper(marks, code=f"000{number}")
    body = {"from": {"month": "JUNE", "year": 2031}, "to": {"month": "JUNE", "year": 2032}}
    copy = partial(marks.call, "POST", f"{PAPERS}/copies", BOARD, json=body)
    answers: Any = together(copy, copy)
    assert [answer.status_code for answer in answers] == [200, 200]
    made = [one["id"] for answer in answers for one in answer.json["papers"] if one["id"]]
    assert len(made) == len(ROUNDS)
    assert get(marks, f"{PAPERS}?series=JUNE 2032", BOARD)["total"] == len(ROUNDS)
