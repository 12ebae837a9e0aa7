"""Submissions told once, twice, late and out of order; growth; clerical errors; evidence."""

import pytest

from services.sampling.domain import Candidate
from services.sampling.models import Sheet
from services.sampling.present import samples
from services.sampling.queries import submitted_rows
from shared.audit import AuditRow
from shared.events.consumer import NotYetError
from tests.support.service import ServiceUnderTest, rows_of
from tests.unit.sampling.builders import in_rank_order, marked
from tests.unit.sampling.events import (
    CENTRE,
    PAPER,
    SUBMITTED_AT,
    correct,
    delete,
    know_paper,
    members,
    reject,
    sample,
    submit,
    upload,
)

GENERATED = "sample.generated.v1"
EXTENDED = "sample.extended.v1"


def marks(service: ServiceUnderTest) -> dict[str, int | None]:
    """Of those who count as submitted."""
    with service.transaction() as session:
        sheet = session.get_one(Sheet, (CENTRE, PAPER))
        return {row.candidate_no: row.mark for row in submitted_rows(session, sheet)}


def test_a_first_submission_is_sampled_and_told(sampling: ServiceUnderTest) -> None:
    know_paper(sampling)
    submit(sampling, in_rank_order(11))

    (event,) = sampling.emitted()
    assert (event.key, event.subject) == (GENERATED, f"68101/{PAPER}")
    assert event.data["policy"] == "wjec-rank-order"
    assert [one["candidate_no"] for one in event.data["candidates"]] == members(sample(sampling))
    first = event.data["candidates"][0]
    assert (first["chosen_by"], first["reason"], first["due"]) == ("system", "highest mark", None)
    assert first["reasons"] == {"en": "highest mark", "cy": "marc uchaf"}


def test_told_again_it_is_the_same(sampling: ServiceUnderTest) -> None:
    know_paper(sampling)
    submit(sampling, in_rank_order(11))

    (event,) = sampling.emitted()
    with sampling.transaction() as session:
        assert [*samples(session)] == [(event.subject, event.data)]


def test_the_change_is_in_the_audit_trail(sampling: ServiceUnderTest) -> None:
    know_paper(sampling)
    submit(sampling, in_rank_order(2))

    with sampling.transaction() as session:
        (row,) = rows_of(session, AuditRow)
        assert (row.by, row.action, row.subject) == (
            "system",
            "sample.changed",
            f"68101/{PAPER}",
        )
        assert (row.before, row.after) == ({"candidates": []}, {"candidates": ["0001", "0002"]})


def test_a_submission_waits_for_its_paper(sampling: ServiceUnderTest) -> None:
    with pytest.raises(NotYetError):
        submit(sampling, in_rank_order(5), sequence=1, event_id="e1")
    know_paper(sampling)

    submit(sampling, in_rank_order(5), sequence=1, event_id="e1")

    assert len(members(sample(sampling))) == 5


def test_nobody_eligible_is_a_sample_too(sampling: ServiceUnderTest) -> None:
    know_paper(sampling)
    submit(sampling, [Candidate("0001", code="A"), Candidate("0002", mark=0)])

    assert sample(sampling)["state"] == "generated"
    assert members(sample(sampling)) == []
    assert [event.data["candidates"] for event in sampling.emitted(GENERATED)] == [[]]


@pytest.mark.parametrize(
    ("sequence", "event_id"), [(5, "e5"), (5, "republished"), (3, "late"), (9, "again")]
)
def test_a_submission_told_again_changes_nothing(
    sampling: ServiceUnderTest, sequence: int, event_id: str
) -> None:
    know_paper(sampling)
    submit(sampling, in_rank_order(30), sequence=5, event_id="e5")
    before = sample(sampling)

    submit(sampling, in_rank_order(30), sequence=sequence, event_id=event_id)

    assert sample(sampling) == before
    assert [event.key for event in sampling.emitted()] == [GENERATED]


def test_late_entries_let_it_grow(sampling: ServiceUnderTest) -> None:
    know_paper(sampling)
    submit(sampling, marked(range(20, 30)))
    before = members(sample(sampling))
    assert sample(sampling)["last_submitted_at"] == SUBMITTED_AT["first"]

    submit(sampling, [*marked(range(20, 30)), *marked([60, 10, 25], start=11)], "supplementary")

    after = sample(sampling)
    assert members(after) == [*before, "0011", "0012"]
    assert [one["reason"] for one in after["candidates"][-2:]] == [
        "highest mark",
        "lowest mark above zero",
    ]
    assert after["state"] == "generated"
    assert after["last_submitted_at"] == SUBMITTED_AT["supplementary"]
    (event,) = sampling.emitted(EXTENDED)
    assert [one["candidate_no"] for one in event.data["candidates"]] == members(after)
    assert "note" not in event.data


def test_growth_that_adds_nobody_is_not_told(sampling: ServiceUnderTest) -> None:
    know_paper(sampling)
    submit(sampling, marked(range(30, 10, -1)))
    before = sample(sampling)

    submit(sampling, [*marked(range(30, 10, -1)), Candidate("0099", code="A")], "supplementary")

    after = sample(sampling)
    assert after["last_submitted_at"] == SUBMITTED_AT["supplementary"]
    assert after["candidates"] == before["candidates"]
    assert [event.key for event in sampling.emitted()] == [GENERATED]


def test_a_supplementary_submission_waits_for_the_first(sampling: ServiceUnderTest) -> None:
    late = [*marked(range(20, 30)), *marked([60], start=11)]
    know_paper(sampling)
    with pytest.raises(NotYetError):
        submit(sampling, late, "supplementary", sequence=2, event_id="e2")

    submit(sampling, marked(range(20, 30)), sequence=1, event_id="e1")
    submit(sampling, late, "supplementary", sequence=2, event_id="e2")
    submit(sampling, marked(range(20, 30)), sequence=1, event_id="e1-again")

    assert [event.key for event in sampling.emitted()] == [GENERATED, EXTENDED]
    assert len(marks(sampling)) == 11


def test_a_withdrawn_candidate_stays_in_the_sample(sampling: ServiceUnderTest) -> None:
    know_paper(sampling)
    submit(sampling, in_rank_order(3))

    submit(sampling, in_rank_order(3)[1:], "supplementary")

    assert members(sample(sampling)) == ["0001", "0002", "0003"]
    assert sorted(marks(sampling)) == ["0002", "0003"]


class TestClericalErrors:
    def test_the_mark_counts_and_the_sample_stays(self, sampling: ServiceUnderTest) -> None:
        know_paper(sampling)
        submit(sampling, in_rank_order(30))
        before = sample(sampling)

        correct(sampling, "0002", 90)

        assert marks(sampling)["0002"] == 90
        assert sample(sampling) == before
        assert [event.key for event in sampling.emitted()] == [GENERATED]

    def test_one_before_its_submission_waits(self, sampling: ServiceUnderTest) -> None:
        know_paper(sampling)
        with pytest.raises(NotYetError):
            correct(sampling, "0001", 90)

    def test_a_submission_told_again_after_it_adds_nobody(self, sampling: ServiceUnderTest) -> None:
        know_paper(sampling)
        submit(sampling, in_rank_order(30), sequence=1)
        correct(sampling, "0002", 90, sequence=2)
        before = sample(sampling)

        submit(sampling, in_rank_order(30), sequence=1)

        assert sample(sampling) == before

    @pytest.mark.parametrize("order", [(2, 3), (3, 2)])
    def test_the_newest_wins_in_either_order(
        self, sampling: ServiceUnderTest, order: tuple[int, int]
    ) -> None:
        know_paper(sampling)
        submit(sampling, in_rank_order(5), sequence=1)
        for sequence in order:
            correct(sampling, "0002", 10 * sequence, sequence=sequence)

        assert marks(sampling)["0002"] == 30

    @pytest.mark.parametrize(("sequence", "mark"), [(2, 4), (9, 90)])
    def test_against_a_whole_submission_too(
        self, sampling: ServiceUnderTest, sequence: int, mark: int
    ) -> None:
        know_paper(sampling)
        submit(sampling, in_rank_order(5), sequence=1)
        if sequence > 5:
            correct(sampling, "0002", 90, sequence=sequence)
        submit(sampling, in_rank_order(5), "supplementary", sequence=5)
        if sequence < 5:
            correct(sampling, "0002", 90, sequence=sequence)

        assert marks(sampling)["0002"] == mark

    def test_a_withdrawn_one_is_not_brought_back(self, sampling: ServiceUnderTest) -> None:
        know_paper(sampling)
        submit(sampling, in_rank_order(5), sequence=1)
        correct(sampling, "0002", 90, sequence=2)
        submit(sampling, in_rank_order(1), "supplementary", sequence=3)

        assert sorted(marks(sampling)) == ["0001"]


def files(service: ServiceUnderTest) -> list[int]:
    return [one["files"] for one in sample(service)["candidates"]]


def test_evidence_is_counted_once_in_any_order(sampling: ServiceUnderTest) -> None:
    know_paper(sampling)
    upload(sampling, "f1", "0001")
    submit(sampling, in_rank_order(2))
    upload(sampling, "f1", "0001")
    upload(sampling, "f2", "0001")
    upload(sampling, "f3", "0002")
    upload(sampling, "f4", None)
    assert files(sampling) == [2, 1]

    delete(sampling, "f3", "0002")
    delete(sampling, "f5", "0002")
    upload(sampling, "f5", "0002")
    delete(sampling, "f4", None)

    assert files(sampling) == [2, 0]

    reject(sampling, "f2", "0001")
    reject(sampling, "f4", None)
    assert files(sampling) == [1, 0]
