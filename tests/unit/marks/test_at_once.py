"""Imports, typing and the catalogue at the same moment: nothing is lost, nobody waits in a circle.

They are worth most with `--database postgresql`, where transactions run side by side.
"""

from functools import partial

import pytest

from tests.support.service import BOARD, ServiceUnderTest
from tests.support.together import together
from tests.unit.marks.builders import CENTRE, OTHER_CENTRE, make_paper, make_sheet
from tests.unit.marks.entry_files import candidates, file, row, send
from tests.unit.marks.sheets import line_of, put, submit

CODES = ("3700U1", "3700U2", "3700U3")
pytestmark = pytest.mark.usefixtures("no_race_lost")
ROUNDS = range(1, 6)


def rows(number: int, *codes: str) -> list[str]:
    return [
        row(number, paper_code=code, centre_no=centre_no)
        for code in codes
        for centre_no in (CENTRE, OTHER_CENTRE)
    ]


def test_two_files_of_the_same_sheets(marks: ServiceUnderTest) -> None:
    for code in CODES:
        make_paper(marks, code=code)
    for turn in ROUNDS:
        forwards = file(*rows(2 * turn, *CODES))
        backwards = file(*reversed(rows(2 * turn + 1, *CODES)))
        answers = together(partial(send, marks, forwards), partial(send, marks, backwards))
        assert [answer.status_code for answer in answers] == [200, 200]
    assert len(candidates(marks)) == 2 * len(ROUNDS) * len(CODES) * 2


def test_the_same_file_twice(marks: ServiceUnderTest) -> None:
    for code in CODES:
        make_paper(marks, code=code)
    for turn in ROUNDS:
        same = file(*rows(turn, *CODES))
        told = [one.json for one in together(*[partial(send, marks, same)] * 2)]
        # One has entered them all, and the other has found them there.
        assert sorted(each["added"] for each in told) == [0, 2 * len(CODES)]
        assert sorted(each["unchanged"] for each in told) == [0, 2 * len(CODES)]
    assert len(candidates(marks)) == 2 * len(ROUNDS) * len(CODES)
    told = [
        each["candidates"] for each in (one.data for one in marks.emitted("entries.changed.v1"))
    ]
    assert sum(map(len, told)) == len(candidates(marks))


def test_a_withdrawal_while_the_mark_is_typed(marks: ServiceUnderTest) -> None:
    for turn in ROUNDS:
        paper = make_paper(marks, code=f"3700W{turn}")
        make_sheet(marks, paper, "0001", "0002")
        gone = file(row(2, paper_code=f"3700W{turn}", action="W"))
        imported, saved = together(
            partial(send, marks, gone), partial(put, marks, paper, "0002", {"tasks": [turn, 1]})
        )
        assert imported.status_code == 200
        assert saved.status_code in {200, 404}
        # Entered again, there is the mark that was told to be saved, and no other.
        send(marks, file(row(2, paper_code=f"3700W{turn}")))
        kept = [turn, 1] if saved.status_code == 200 else [None, None]
        assert line_of(marks, paper, "0002")["tasks"] == kept


def test_an_import_while_marks_are_typed(marks: ServiceUnderTest) -> None:
    paper = make_paper(marks)
    make_sheet(marks, paper, "0001", "0002")
    for turn in ROUNDS:
        entries = file(row(1, teaching_set=f"{turn}A"), row(2, teaching_set=f"{turn}B"))
        answers = together(
            partial(send, marks, entries),
            partial(put, marks, paper, "0001", {"tasks": [turn, 1]}),
            partial(put, marks, paper, "0002", {"tasks": [turn, 2]}),
        )
        assert [answer.status_code for answer in answers] == [200, 200, 200]
        for number, second in (("0001", 1), ("0002", 2)):
            found = line_of(marks, paper, number)
            assert (found["tasks"], found["version"]) == ([turn, second], turn)
            assert found["teaching_set"] == f"{turn}{'AB'[second - 1]}"


def test_a_withdrawal_while_the_sheet_is_submitted(marks: ServiceUnderTest) -> None:
    for turn in ROUNDS:
        code = f"3700T{turn}"
        paper = make_paper(marks, code=code)
        make_sheet(marks, paper, "0001", "0002")
        for number in ("0001", "0002"):
            put(marks, paper, number, {"tasks": [1, 1]})
        withdrawal = file(row(2, paper_code=code, action="W"))
        imported, submitted = together(
            partial(send, marks, withdrawal), partial(submit, marks, paper)
        )
        assert submitted.status_code == 201
        # Whoever came first: a submitted candidate is not withdrawn, a withdrawn one not submitted.
        assert (imported.status_code, submitted.json["candidates"]) in {
            (200, 1),
            (200, 2),
            (422, 2),
        }


def test_papers_linked_and_moved_while_they_are_entered(marks: ServiceUnderTest) -> None:
    """An import meets papers in the order of centres, the catalogue in that of their ids."""
    code_of = {make_paper(marks, code=code): code for code in CODES}
    first, *_between, last = sorted(code_of)
    for turn in range(10):
        new_sheets = file(
            row(1, paper_code=code_of[last], centre_no=str(10_000 + turn)),
            row(1, paper_code=code_of[first], centre_no=str(20_000 + turn)),
        )
        linked = {**NEW_PAPER, "code": f"3701U{turn}", "linked": list(code_of)}
        moved = {"marks_deadline": f"2031-05-{turn + 1:02d}"}
        answers = together(
            partial(send, marks, new_sheets),
            partial(marks.call, "POST", "/api/marks/papers", BOARD, json=linked),
            partial(marks.call, "PATCH", f"/api/marks/papers/{last}", BOARD, json=moved),
        )
        assert [answer.status_code for answer in answers] == [200, 201, 200]


def test_supplementary_submissions_of_linked_sheets(marks: ServiceUnderTest) -> None:
    first, second = (make_paper(marks, code=code) for code in CODES[:2])
    for turn in ROUNDS:
        for paper in (first, second):
            make_sheet(marks, paper, f"{turn:04d}")
            put(marks, paper, f"{turn:04d}", {"tasks": [turn, turn]})
        answers = together(*(partial(submit, marks, paper) for paper in (first, second) * 2))
        assert sorted(answer.status_code for answer in answers) == [200, 200, 201, 201]
    told = marks.emitted("marks.submitted.v1")
    assert len(told) == 2 * len(ROUNDS)
    assert {len(event.data["candidates"]) for event in told} == set(ROUNDS)


NEW_PAPER = {
    "title": "ENGLISH LANGUAGE",
    "unit": "UNIT 1 ORACY",
    "qualification": "GCSE",
    "series": {"month": "JUNE", "year": 2031},
    "board": "WJEC",
    "tasks": [{"name": "Task 1", "max": 40}],
    "outcomes": None,
    "linear": False,
    "initials_required": False,
    "sample_policy": "wjec-rank-order",
    "upload": "none",
    "tolerance": 3,
    "marks_deadline": "2031-05-10",
    "sample_deadline": "2031-05-17",
    "evidence_until": "2031-05-31",
    "results_day": "2031-08-21T08:00:00+01:00",
}
