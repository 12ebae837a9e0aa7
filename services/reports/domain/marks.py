"""The mark that counts: how a submission and a clerical error of one candidate go together.

Marks draws one sequence per centre and paper for submissions and clerical errors alike, and each
of these events tells the effective total as of its own moment: a submission has every clerical
error recorded before it in its effective totals. So, in whatever order they arrive:

1. Until a submission names the candidate there is no mark; a clerical error heard of first waits.
2. The effective total is that of the event with the higher sequence. A supplementary submission
   thus repeats an earlier amendment and never undoes it; a submission that arrives after a newer
   clerical error is the older word and does not win.
3. The original mark, code, outcome and initials are always the submission's.
4. Amended tasks are shown while their total is the one that counts; an amendment of the total
   alone leaves the centre's tasks as they are.
"""

from dataclasses import dataclass

Tasks = tuple[int | None, ...]


@dataclass(frozen=True)
class Submitted:
    """What the newest submission says of a candidate."""

    sequence: int
    tasks: Tasks | None
    total: int | None
    effective_total: int | None
    code: str | None
    outcome: str | None
    initials: str


@dataclass(frozen=True)
class ClericalError:
    """The newest amendment of a candidate; `tasks` is None when the total alone was amended."""

    sequence: int
    tasks: Tasks | None
    total: int


@dataclass(frozen=True)
class Mark:
    """A candidate's mark as a report shows it: `mark` counts, `original_mark` is the centre's."""

    tasks: Tasks | None = None
    mark: int | None = None
    original_mark: int | None = None
    amended: bool = False
    code: str | None = None
    outcome: str | None = None
    initials: str = ""

    @property
    def result(self) -> str:
        """What stands in the mark or outcome column; empty while there is none."""
        return self.code or self.outcome or _figures(self.mark)

    @property
    def original_result(self) -> str:
        return self.code or self.outcome or _figures(self.original_mark)


def _figures(mark: int | None) -> str:
    return "" if mark is None else str(mark)


NO_MARK = Mark()


def merge(submitted: Submitted | None, error: ClericalError | None) -> Mark:
    """The mark by the rule above."""
    if submitted is None:
        return NO_MARK
    tasks, total = submitted.tasks, submitted.effective_total
    if error is not None:
        if error.sequence > submitted.sequence:
            total = error.total
        if error.tasks is not None and error.total == total:
            tasks = error.tasks
    return Mark(
        tasks=tasks,
        mark=total,
        original_mark=submitted.total,
        amended=(tasks, total) != (submitted.tasks, submitted.total),
        code=submitted.code,
        outcome=submitted.outcome,
        initials=submitted.initials,
    )
