"""Events of one centre at the same moment: every sample comes, and nobody waits in a circle.

They are worth most with `--database postgresql`, where transactions run side by side.
"""

from collections.abc import Callable
from functools import partial

import pytest

from services.sampling.models import SubmittedCandidate
from tests.support.service import ServiceUnderTest, rows_of
from tests.support.together import together
from tests.unit.sampling.builders import marked
from tests.unit.sampling.events import correct, enter, know_paper, submit

pytestmark = pytest.mark.usefixtures("no_race_lost")
ROUNDS = range(1, 9)


def generated(sampling: ServiceUnderTest) -> list[str]:
    return [event.subject for event in sampling.emitted("sample.generated.v1")]


def wait_for_another(sampling: ServiceUnderTest, *papers: str) -> None:
    """Submit each paper: it waits for one linked to it, which has entries and no submission."""
    for paper_id in papers:
        know_paper(sampling, paper_id, linked=[f"other-of-{paper_id}"])
        know_paper(sampling, f"other-of-{paper_id}", linked=[paper_id])
        enter(sampling, f"other-of-{paper_id}")
        submit(sampling, marked([30, 20]), paper_id=paper_id, sequence=10)
    assert generated(sampling) == []


def supplement(sampling: ServiceUnderTest, paper_id: str, turn: int) -> Callable[[], object]:
    candidates = marked(range(30, 20 - turn, -1))
    return partial(
        submit, sampling, candidates, "supplementary", paper_id=paper_id, sequence=10 + turn
    )


def test_late_entries_of_sheets_that_wait(sampling: ServiceUnderTest) -> None:
    wait_for_another(sampling, "a", "b", "c")
    for turn in ROUNDS:
        together(*(supplement(sampling, paper_id, turn) for paper_id in ("c", "b", "a")))
    assert generated(sampling) == []
    for paper_id in ("a", "b", "c"):
        submit(sampling, marked([10]), paper_id=f"other-of-{paper_id}", sequence=10)
    assert len(generated(sampling)) == len(set(generated(sampling))) == 6


def test_linked_papers_submitted_at_once(sampling: ServiceUnderTest) -> None:
    for turn in ROUNDS:
        papers = [f"{turn}-a", f"{turn}-b", f"{turn}-c"]
        for paper_id in papers:
            know_paper(sampling, paper_id, linked=[each for each in papers if each != paper_id])
            enter(sampling, paper_id)
        together(
            *(
                partial(submit, sampling, marked([30, 20]), paper_id=paper_id, sequence=5)
                for paper_id in papers
            )
        )
        assert len(generated(sampling)) == len(set(generated(sampling))) == 3 * turn


def test_centres_of_a_consortium_submit_while_one_withdraws(sampling: ServiceUnderTest) -> None:
    gone, *others = ("68101", "68102", "68103")
    for turn in ROUNDS:
        paper_id = f"{turn}-p"
        know_paper(sampling, paper_id, consortia=[[gone, *others]])
        for centre_no in others:
            enter(sampling, paper_id, centre_no)
        entered = enter(sampling, paper_id, gone)
        (entry,) = entered.data["candidates"]
        withdrawn = entered.data | {"candidates": [entry | {"change": "withdrawn"}]}
        together(
            partial(
                sampling.deliver,
                "entries.changed.v1",
                entered.subject,
                withdrawn,
                sequence=entered.sequence + 1000,
            ),
            *(
                partial(submit, sampling, marked([3]), paper_id=paper_id, centre_no=centre_no)
                for centre_no in others
            ),
        )
        assert len(generated(sampling)) == len(set(generated(sampling))) == 2 * turn


def test_a_link_taken_away_while_centres_submit(sampling: ServiceUnderTest) -> None:
    centres = ["68101", "68102", "68103"]
    for paper_id in ("a", "b"):
        know_paper(sampling, paper_id, linked=["n"])
        for centre_no in centres:
            enter(sampling, "n", centre_no)
            submit(sampling, marked([30]), paper_id=paper_id, centre_no=centre_no, sequence=1)
    assert generated(sampling) == []
    together(
        partial(know_paper, sampling, "a", linked=[]),
        partial(know_paper, sampling, "b", linked=[]),
        *(
            partial(
                submit,
                sampling,
                marked([30, 29]),
                "supplementary",
                paper_id="b",
                centre_no=centre_no,
                sequence=2,
            )
            for centre_no in reversed(centres)
        ),
    )
    assert len(generated(sampling)) == len(set(generated(sampling))) == 6


def test_a_clerical_error_and_late_entries(sampling: ServiceUnderTest) -> None:
    know_paper(sampling)
    submit(sampling, marked([30, 20]), sequence=1)
    for turn in ROUNDS:
        together(
            partial(correct, sampling, "0001", 40 + turn, sequence=2 * turn + 1),
            partial(submit, sampling, marked([30, 20]), "supplementary", sequence=2 * turn),
        )
        with sampling.database.reading() as session:
            told = {one.candidate_no: one.mark for one in rows_of(session, SubmittedCandidate)}
        assert told == {"0001": 40 + turn, "0002": 20}
