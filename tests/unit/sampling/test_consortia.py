"""Centres that are ranked as one, and linked papers whose entries were withdrawn."""

from collections.abc import Sequence

import pytest

from services.sampling.domain import Candidate
from tests.support.service import ServiceUnderTest
from tests.unit.sampling.builders import in_rank_order, marked
from tests.unit.sampling.events import enter, know_paper, members, sample, submit

A, B, C = "68101", "68102", "68103"
GENERATED, EXTENDED = "sample.generated.v1", "sample.extended.v1"


def enter_all(service: ServiceUnderTest, *centres: str) -> None:
    for centre_no in centres:
        enter(service, "p", centre_no)


def hand_in(
    service: ServiceUnderTest, centre_no: str, candidates: Sequence[Candidate], kind: str = "first"
) -> None:
    submit(service, candidates, kind, paper_id="p", centre_no=centre_no)


def state(service: ServiceUnderTest, centre_no: str) -> str:
    return str(sample(service, "p", centre_no)["state"])


@pytest.fixture
def consortium(sampling: ServiceUnderTest) -> ServiceUnderTest:
    know_paper(sampling, "p", consortia=[[A, B]])
    enter_all(sampling, A, B, C)
    return sampling


def test_all_are_waited_for_and_ranked_together(consortium: ServiceUnderTest) -> None:
    hand_in(consortium, A, marked(range(50, 40, -1)))
    assert state(consortium, A) == "waiting"
    hand_in(consortium, C, in_rank_order(3))
    assert (state(consortium, A), state(consortium, C)) == ("waiting", "generated")

    hand_in(consortium, B, marked(range(30, 20, -1)))

    # 20 together: ranks 1, 4, 7, 10, 13, 16, 19, and the lowest.
    assert members(sample(consortium, "p", A)) == ["0001", "0004", "0007", "0010"]
    assert members(sample(consortium, "p", B)) == ["0003", "0006", "0009", "0010"]
    told = [event.subject for event in consortium.emitted(GENERATED)]
    assert told == [f"{C}/p", f"{A}/p", f"{B}/p"]


def test_equal_marks_stand_in_the_order_of_their_centres(consortium: ServiceUnderTest) -> None:
    hand_in(consortium, B, marked([40] * 8))
    hand_in(consortium, A, marked([40] * 4))
    # 12 together: 1, 3, 5, 7, 9, 11 and the lowest.
    assert members(sample(consortium, "p", A)) == ["0001", "0003"]
    assert members(sample(consortium, "p", B)) == ["0001", "0003", "0005", "0007", "0008"]


def test_a_centre_without_anybody_chosen_has_an_empty_sample(consortium: ServiceUnderTest) -> None:
    hand_in(consortium, A, in_rank_order(3))
    hand_in(consortium, B, [Candidate("0001", code="A")])
    assert (state(consortium, B), members(sample(consortium, "p", B))) == ("generated", [])


def test_a_centre_without_entries_is_not_waited_for(sampling: ServiceUnderTest) -> None:
    know_paper(sampling, "p", consortia=[[A, B, C]])
    enter_all(sampling, A, B)
    hand_in(sampling, A, in_rank_order(3))
    hand_in(sampling, B, in_rank_order(3))
    assert (state(sampling, A), state(sampling, B)) == ("generated", "generated")


def test_late_entries_of_one_centre_let_the_group_grow(consortium: ServiceUnderTest) -> None:
    hand_in(consortium, A, marked(range(50, 45, -1)))
    hand_in(consortium, B, marked(range(30, 25, -1)))
    before = members(sample(consortium, "p", A))
    hand_in(consortium, B, marked([30, 29, 28, 27, 26, 60]), "supplementary")
    assert members(sample(consortium, "p", A)) == before
    assert "0006" in members(sample(consortium, "p", B))
    assert [event.subject for event in consortium.emitted(EXTENDED)] == [f"{B}/p"]


def test_late_entries_leave_a_centre_waiting_for_its_linked_paper(
    sampling: ServiceUnderTest,
) -> None:
    know_paper(sampling, "p", linked=["q"], consortia=[[A, C]])
    know_paper(sampling, "q", linked=["p"], consortia=[[A, C]])
    enter_all(sampling, A)
    hand_in(sampling, A, in_rank_order(3))
    enter_all(sampling, C)
    enter(sampling, "q", C)
    hand_in(sampling, C, in_rank_order(2))
    hand_in(sampling, A, in_rank_order(4), "supplementary")
    assert "0004" in members(sample(sampling, "p", A))
    assert state(sampling, C) == "waiting"
    submit(sampling, in_rank_order(2), paper_id="q", centre_no=C)
    assert (state(sampling, C), members(sample(sampling, "p", C))) == (
        "generated",
        ["0001", "0002"],
    )


def test_a_centre_that_withdraws_everybody_is_waited_for_no_more(
    consortium: ServiceUnderTest,
) -> None:
    hand_in(consortium, A, in_rank_order(3))
    assert state(consortium, A) == "waiting"
    enter(consortium, "p", B, "withdrawn")
    assert state(consortium, A) == "generated"


def test_a_linked_paper_that_was_withdrawn_from_is_waited_for_no_more(
    sampling: ServiceUnderTest,
) -> None:
    know_paper(sampling, "p", linked=["q"])
    know_paper(sampling, "q", linked=["p"])
    added = enter(sampling, "q")
    hand_in(sampling, A, in_rank_order(3))
    assert state(sampling, A) == "waiting"
    withdrawn = enter(sampling, "q", change="withdrawn")
    assert state(sampling, A) == "generated"
    # Told again, in whatever order: nothing changes.
    for event in (withdrawn, added):
        sampling.deliver("entries.changed.v1", event.subject, event.data, sequence=event.sequence)
    assert len(sampling.emitted(GENERATED)) == 1


def test_an_older_entry_does_not_come_back(sampling: ServiceUnderTest) -> None:
    know_paper(sampling, "p", linked=["q"])
    know_paper(sampling, "q")
    enter(sampling, "q", change="withdrawn")
    again = enter(sampling, "q")
    sampling.deliver("entries.changed.v1", again.subject, again.data, sequence=1)
    hand_in(sampling, A, in_rank_order(3))
    assert state(sampling, A) == "waiting"
