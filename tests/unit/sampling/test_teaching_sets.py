"""The sample as somebody sees it who is restricted to teaching sets."""

from typing import Any

from tests.support.service import ServiceUnderTest, teacher_of_sets
from tests.unit.sampling.events import CENTRE, PAPER, URL, add, members, sample

NIA = teacher_of_sets(CENTRE, "10A")


def tell_sets(service: ServiceUnderTest, sequence: int = 0, **sets: str) -> None:
    """Candidates (by `n0001`) and their sets, as marks tells of them."""
    told = {"surname": "X", "forenames": "Y", "dob": "2015-02-28", "uci": ""}
    candidates = [
        told | {"candidate_no": name[1:], "teaching_set": held, "change": "changed"}
        for name, held in sets.items()
    ]
    data = {"centre_no": CENTRE, "paper_id": PAPER, "candidates": candidates}
    service.deliver("entries.changed.v1", f"{CENTRE}/{PAPER}", data, sequence=sequence)


def seen(service: ServiceUnderTest) -> Any:
    return service.call("GET", URL, NIA).json


def test_only_candidates_of_the_set_are_there(generated: ServiceUnderTest) -> None:
    assert members(seen(generated)) == []
    tell_sets(generated, n0001="10A", n0002="10A", n0003="10B", n0004="10B")
    assert seen(generated)["state"] == "generated"
    assert members(seen(generated)) == ["0001"]
    assert add(generated, NIA, candidate_nos=["0004"]).status_code == 422
    assert members(add(generated, NIA, candidate_nos=["0002"]).json) == ["0001", "0002"]
    assert len(members(sample(generated))) == 8


def test_notes_about_others_are_not_shown(generated: ServiceUnderTest) -> None:
    tell_sets(generated, n0002="10A", n0004="10B")
    add(generated, teacher_of_sets(CENTRE, "10B"), candidate_nos=["0004"], note="of Dewi")
    assert seen(generated)["notes"] == []
    add(generated, NIA, candidate_nos=["0002"], note="of Siân")
    assert [note["text"] for note in seen(generated)["notes"]] == ["of Siân"]


def test_the_newest_set_counts_in_whatever_order_it_is_told(generated: ServiceUnderTest) -> None:
    tell_sets(generated, 90, n0001="10B")
    tell_sets(generated, 80, n0001="10A")
    assert members(seen(generated)) == []
    tell_sets(generated, 91, n0001="10A")
    assert members(seen(generated)) == ["0001"]
