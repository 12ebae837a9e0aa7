"""Files of marks, typing, submissions and decisions at the same moment: no lost update, no half.

They are worth most with `--database postgresql`, where transactions run side by side.
"""

from functools import partial
from itertools import pairwise
from typing import Any

import pytest

from services.marks.domain.marking import Mark
from tests.support.service import BOARD, ServiceUnderTest
from tests.support.together import together
from tests.unit.marks.builders import make_paper, make_sheet, make_submission
from tests.unit.marks.mark_files import as_csv, send
from tests.unit.marks.sheets import ADMIN, history, line_of, put, read, sheet_path, submit

pytestmark = pytest.mark.usefixtures("no_race_lost")
ROUNDS = range(1, 6)
NUMBERS = [f"{number:04d}" for number in range(1, 11)]


def whole(mark: int) -> bytes:
    """A file that gives everybody the same mark."""
    return as_csv(*({"candidate_no": no, "task_1": mark, "task_2": mark} for no in NUMBERS))


def marks_of(marks: ServiceUnderTest, paper: str) -> list[Any]:
    return [line["tasks"] for line in read(marks, paper, rows="all")["candidates"]]


def test_two_files_of_one_sheet_leave_one_of_them_whole(marks: ServiceUnderTest) -> None:
    paper = make_paper(marks)
    make_sheet(marks, paper, *NUMBERS)
    for turn in ROUNDS:
        seen = read(marks, paper)["cursor"]
        works = (partial(send, marks, paper, whole(mark), seen=seen) for mark in (turn, 40 - turn))
        answers = together(*works)
        # Both had looked at the sheet: the second one is told, and changes nothing.
        assert sorted(answer.status_code for answer in answers) == [200, 422]
        left = marks_of(marks, paper)
        assert left in ([[turn, turn]] * 10, [[40 - turn, 40 - turn]] * 10)


def test_a_file_while_marks_are_typed(marks: ServiceUnderTest) -> None:
    paper = make_paper(marks)
    make_sheet(marks, paper, *NUMBERS)
    for turn in ROUNDS:
        version = line_of(marks, paper, "0001")["version"]
        typed = {"tasks": [turn, 0], "version": version}
        imported, saved = together(
            partial(send, marks, paper, whole(turn + 10)),
            partial(put, marks, paper, "0001", typed),
        )
        assert (imported.status_code, saved.status_code) in {(200, 200), (200, 409)}
        changes = history(marks, paper, "0001")
        # Each change begins where the one before has ended: none is lost.
        assert all(one["to"] == two["from"] for one, two in pairwise(changes))


def test_a_file_while_the_sheet_is_submitted(marks: ServiceUnderTest) -> None:
    for turn in ROUNDS:
        paper = make_paper(marks, code=f"3700F{turn}")
        make_sheet(marks, paper, *NUMBERS, mark=Mark(tasks=(1, 1)))
        imported, submitted = together(
            partial(send, marks, paper, whole(turn + 10)), partial(submit, marks, paper)
        )
        assert submitted.status_code == 201
        wanted = turn + 10 if imported.status_code == 200 else 1
        assert marks_of(marks, paper) == [[wanted, wanted]] * 10
        event = marks.emitted("marks.submitted.v1")[-1]
        assert [one["tasks"] for one in event.data["candidates"]] == marks_of(marks, paper)


def test_an_amendment_is_decided_once(marks: ServiceUnderTest) -> None:
    paper = make_paper(marks)
    make_sheet(marks, paper, *NUMBERS, mark=Mark(tasks=(1, 1)))
    make_submission(marks, paper)
    for number in NUMBERS[:5]:
        body = {"candidate_no": number, "tasks": [2, 2], "reason": "Swapped"}
        path = sheet_path(paper, "amendment-requests")
        request = marks.call("POST", path, ADMIN, json=body).json
        assert request is not None
        decide = partial(marks.call, "PATCH", f"{path}/{request['id']}", BOARD)
        accept, reject = (
            partial(decide, json={"decision": word, "comment": "Seen"})
            for word in ("accepted", "rejected")
        )
        answers = together(accept, reject, accept)
        statuses = [answer.status_code for answer in answers]
        assert statuses in ([200, 409, 200], [409, 200, 409])
        amended = line_of(marks, paper, number)["tasks"] == [2, 2]
        assert amended is (statuses[0] == 200)
