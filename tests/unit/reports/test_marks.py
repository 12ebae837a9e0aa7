"""The mark that counts, by what the submission and the clerical error say and which is newer."""

from typing import NamedTuple

import pytest

from services.reports.domain.marks import ClericalError, Mark, Submitted, Tasks, merge


def submitted(sequence: int, *tasks: int, effective: int | None = None) -> Submitted:
    total = sum(tasks)
    counts = total if effective is None else effective
    return Submitted(sequence, tasks, total, counts, None, None, "AB")


FIRST = submitted(5, 10, 20)
AMENDED = ClericalError(7, (15, 20), 35)


class Counts(NamedTuple):
    """What a report is to show."""

    tasks: Tasks
    mark: int
    amended: bool


@pytest.mark.parametrize(
    ("given", "error", "counts"),
    [
        (FIRST, None, Counts((10, 20), 30, amended=False)),
        # The clerical error is newer than the submission: it counts.
        (FIRST, AMENDED, Counts((15, 20), 35, amended=True)),
        # A supplementary submission repeats the amendment in its effective total.
        (submitted(9, 10, 20, effective=35), AMENDED, Counts((15, 20), 35, amended=True)),
        # A clerical error of the total alone leaves the tasks.
        (FIRST, ClericalError(7, None, 31), Counts((10, 20), 31, amended=True)),
        # A later submission knows of a newer amendment, which has not been heard of here yet.
        (submitted(9, 10, 20, effective=33), AMENDED, Counts((10, 20), 33, amended=True)),
        # Amended tasks with the same total are an amendment.
        (FIRST, ClericalError(7, (20, 10), 30), Counts((20, 10), 30, amended=True)),
        # An amendment back to what it was is none.
        (FIRST, ClericalError(8, (10, 20), 30), Counts((10, 20), 30, amended=False)),
        # Zero is a mark.
        (FIRST, ClericalError(7, (0, 0), 0), Counts((0, 0), 0, amended=True)),
    ],
)
def test_the_mark_that_counts(
    given: Submitted, error: ClericalError | None, counts: Counts
) -> None:
    assert merge(given, error) == Mark(
        tasks=counts.tasks,
        mark=counts.mark,
        original_mark=30,
        amended=counts.amended,
        initials="AB",
    )


def test_a_clerical_error_without_a_submission_waits() -> None:
    assert merge(None, AMENDED) == Mark()


@pytest.mark.parametrize(
    ("mark", "result", "original"),
    [
        (Mark(), "", ""),
        (Mark(mark=0, original_mark=0), "0", "0"),
        (Mark(mark=35, original_mark=30, amended=True), "35", "30"),
        (Mark(code="CF"), "CF", "CF"),
        (Mark(outcome="Pass"), "Pass", "Pass"),
    ],
)
def test_what_the_column_shows(mark: Mark, result: str, original: str) -> None:
    assert (mark.result, mark.original_result) == (result, original)
