"""A paper removed while others change it or begin to refer to it: no trace of it is left.

Worth most with `--database postgresql`, where transactions run side by side.
"""

from functools import partial
from typing import Any

from tests.support.api import paper as whole_paper
from tests.support.service import BOARD, ServiceUnderTest
from tests.support.together import together
from tests.unit.marks.builders import get, make_paper
from tests.unit.marks.sheets import ADMIN, sheet_path
from tests.unit.marks.test_centre_requests import ENTRY

ROUNDS = range(1, 9)
PAPERS = "/api/marks/papers"


def remove(marks: ServiceUnderTest, paper_id: str) -> Any:
    return marks.call("DELETE", f"{PAPERS}/{paper_id}", BOARD)


def patch(marks: ServiceUnderTest, paper_id: str, **body: Any) -> Any:
    return marks.call("PATCH", f"{PAPERS}/{paper_id}", BOARD, json=body)


def statuses(*answers: Any) -> list[int]:
    return [answer.status_code for answer in answers]


def test_two_who_remove_a_paper_at_once(marks: ServiceUnderTest) -> None:
    for _turn in ROUNDS:
        gone = partial(remove, marks, make_paper(marks))
        assert sorted(statuses(*together(gone, gone))) == [204, 404]


def test_a_paper_changed_while_it_is_removed(marks: ServiceUnderTest) -> None:
    for _turn in ROUNDS:
        paper = make_paper(marks)
        seen = statuses(
            *together(partial(remove, marks, paper), partial(patch, marks, paper, tolerance=5))
        )
        assert seen in ([204, 200], [204, 404])


def test_an_entry_asked_for_while_the_paper_is_removed(marks: ServiceUnderTest) -> None:
    for _turn in ROUNDS:
        paper = make_paper(marks)
        path = sheet_path(paper, "entry-requests")
        seen = statuses(
            *together(
                partial(remove, marks, paper), partial(marks.call, "POST", path, ADMIN, json=ENTRY)
            )
        )
        assert seen in ([204, 404], [409, 201])
        if seen[1] == 201:
            # The next round asks for a paper of the same code.
            assert patch(marks, paper, code=paper[-10:].upper()).status_code == 200


def test_a_paper_linked_while_the_other_is_removed(marks: ServiceUnderTest) -> None:
    for turn in ROUNDS:
        other = make_paper(marks)
        body = whole_paper(f"NEW{turn}") | {"linked": [other]}
        removed, added = together(
            partial(remove, marks, other), partial(marks.call, "POST", PAPERS, BOARD, json=body)
        )
        assert statuses(removed, added) in ([204, 201], [204, 422])
        if added.status_code == 201:
            assert get(marks, f"{PAPERS}/{added.json['id']}", BOARD)["linked"] == []


def test_a_link_of_papers_that_are_there_while_one_is_removed(marks: ServiceUnderTest) -> None:
    for turn in ROUNDS:
        other, one = make_paper(marks), make_paper(marks, code=f"ONE{turn}")
        removed, linked = together(
            partial(remove, marks, other), partial(patch, marks, one, linked=[other])
        )
        assert statuses(removed, linked) in ([204, 200], [204, 422])
        assert get(marks, f"{PAPERS}/{one}", BOARD)["linked"] == []
