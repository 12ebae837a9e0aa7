"""The moderation of a sheet: what the moderator sees of it, and what it makes of every mark."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

from sqlalchemy import select
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from services.sampling.domain.adjusting import Line
from services.sampling.domain.moderation import (
    Compared,
    Judged,
    Outcome,
    Scale,
    Settled,
    choices,
    first_stage,
    settle,
)
from services.sampling.domain.moderation import Moderation as Rules
from services.sampling.domain.moderator_mark import Assessed
from services.sampling.models import (
    Moderation,
    ModeratorMarkRow,
    Paper,
    SampledCandidate,
    Sheet,
    SubmittedCandidate,
)
from services.sampling.policies import POLICIES
from services.sampling.queries import sampled, submitted_rows
from shared import clock
from shared.errors import FieldError, UnprocessableError
from shared.i18n import gettext as _

ModerationState = Literal["open", "completed", "approved"]
OutcomeName = Literal["accepted", "adjusted", "remarked"]


class ModeratorMarkJson(TypedDict):
    """The moderator's mark of a candidate; `total` is null until every task is marked."""

    candidate_no: str
    tasks: list[int | None] | None
    total: int | None
    outcome: str | None
    comment: str
    by: str
    at: str
    version: int


@dataclass(frozen=True)
class Work:
    """All there is of a sheet's moderation."""

    sheet: Sheet
    paper: Paper
    sampled: Sequence[SampledCandidate]
    cohort: Mapping[str, SubmittedCandidate]
    marks: Mapping[str, ModeratorMarkRow]
    kept: Moderation | None
    moderation: Rules

    @property
    def by_marks(self) -> bool:
        return not self.paper.outcomes

    @property
    def choices(self) -> list[Outcome]:
        return choices(by_marks=self.by_marks)

    @property
    def allowed(self) -> list[Outcome]:
        """The choices that the marks of now allow."""
        return [one for one in self.choices if self.moderation.allows(one)]

    def check_choice(self, outcome: Outcome) -> None:
        if outcome not in self.choices:
            said = _("On a paper assessed by outcome there are no marks to be adjusted.")
            raise UnprocessableError(said, errors=[FieldError("/outcome", said)])

    @property
    def judged(self) -> dict[str, Judged]:
        """The centre's marks of everybody who has one: not of those absent or carried forward."""
        found = {number: centre_mark(row) for number, row in self.cohort.items() if not row.code}
        return {number: judged for number, judged in found.items() if judged.there}

    @property
    def moderators(self) -> dict[str, Judged]:
        found = {number: moderator_mark(row) for number, row in self.marks.items()}
        return {number: judged for number, judged in found.items() if judged.there}

    @property
    def line(self) -> Line:
        """The one that was completed; while it is open the one through the marks there are."""
        kept = self.kept.line if self.kept and self.kept.state != "open" else None
        return Line.from_json(kept) if kept else self.moderation.line

    def missing_for(self, outcome: Outcome) -> list[str]:
        """Who has to have a mark of the moderator's: of a re-marked paper everybody."""
        if outcome is Outcome.REMARKED:
            return sorted(self.judged.keys() - self.moderators.keys())
        return self.moderation.missing

    def settled(self, outcome: Outcome) -> list[Settled]:
        """Every candidate's mark under the outcome."""
        maximum = assessed(self.paper).maximum
        marks = self.moderators
        return settle(outcome, self.judged, line=self.line, maximum=maximum, moderator=marks)


def read_work(session: Session, sheet: Sheet) -> Work:
    of_sheet = {"centre_no": sheet.centre_no, "paper_id": sheet.paper_id}
    paper = session.get_one(Paper, sheet.paper_id)
    marks = session.scalars(select(ModeratorMarkRow).filter_by(**of_sheet))
    by_number = {row.candidate_no: row for row in submitted_rows(session, sheet)}
    marked = {row.candidate_no: row for row in marks}
    kept = session.get(Moderation, (sheet.centre_no, sheet.paper_id))
    rows = sampled(session, sheet)
    return Work(
        sheet,
        paper,
        rows,
        by_number,
        marked,
        kept,
        _rules(sheet, paper, rows, by_number, marked, kept),
    )


def _rules(
    sheet: Sheet,
    paper: Paper,
    rows: Sequence[SampledCandidate],
    cohort: Mapping[str, SubmittedCandidate],
    marked: Mapping[str, ModeratorMarkRow],
    kept: Moderation | None,
) -> Rules:
    """Those in the sample who have work: whoever was withdrawn, or has a code since, has none."""
    compared = [
        Compared(number, centre, _of_moderator(marked.get(number)))
        for number in (row.candidate_no for row in rows)
        if (found := cohort.get(number)) and not found.code
        if (centre := centre_mark(found)).there
    ]
    scale = Scale(paper.tolerance, assessed(paper).maximum)
    first = kept.first if kept else []
    if not any(one.candidate_no in first for one in compared):
        first = _first(sheet, paper, rows, compared)
    return Rules(compared, first, scale)


def _first(
    sheet: Sheet, paper: Paper, rows: Sequence[SampledCandidate], compared: Sequence[Compared]
) -> list[str]:
    """Stage 1, from the highest to the lowest: of those the system chose, if any of them has work.

    Where nobody of one that had begun has any more, it is chosen again in the same way.
    """
    system = {row.candidate_no for row in rows if row.chosen_by == "system"}
    heights = {outcome: -place for place, outcome in enumerate(assessed(paper).outcomes)}

    def height(one: Compared) -> tuple[int, str]:
        level = one.centre.total if one.centre.outcome is None else heights[one.centre.outcome]
        return -(level or 0), one.candidate_no

    chosen = [one for one in compared if one.candidate_no in system]
    ranked = sorted(chosen or compared, key=height)
    policy = POLICIES.get(sheet.policy)
    size = policy.first_stage if policy else len(ranked)
    return first_stage([one.candidate_no for one in ranked], size)


def centre_mark(row: SubmittedCandidate) -> Judged:
    return Judged(row.mark, row.outcome)


def moderator_mark(row: ModeratorMarkRow) -> Judged:
    return Judged(row.total, row.outcome)


def _of_moderator(row: ModeratorMarkRow | None) -> Judged:
    return moderator_mark(row) if row else Judged()


def assessed(paper: Paper) -> Assessed:
    return Assessed([task["max"] for task in paper.tasks or []], _all_outcomes(paper))


def _all_outcomes(paper: Paper) -> list[str]:
    """Every outcome that may be given, highest first: what is not classified may be judged too."""
    named = {outcome.casefold() for outcome in paper.outcomes}
    if not named or paper.not_classified.casefold() in named:
        return paper.outcomes
    return [*paper.outcomes, paper.not_classified]


def is_released(paper: Paper) -> bool:
    return clock.now() >= paper.results_day


def outcome_of(moderation: Moderation | None) -> Outcome | None:
    return Outcome(moderation.outcome) if moderation and moderation.outcome else None


def mark_json(row: ModeratorMarkRow) -> ModeratorMarkJson:
    return {
        "candidate_no": row.candidate_no,
        "tasks": row.tasks,
        "total": row.total,
        "outcome": row.outcome,
        "comment": row.comment,
        "by": row.by,
        "at": row.at.isoformat(),
        "version": row.version,
    }


def decided_event(work: Work, moderation: Moderation) -> dict[str, Any]:
    """The data of `moderation.decided.v1`."""
    outcome = Outcome(moderation.outcome or "")
    decided_at = cast("Any", moderation.decided_at)
    return {
        "centre_no": work.sheet.centre_no,
        "paper_id": work.sheet.paper_id,
        "outcome": outcome.value,
        "decided_by": moderation.decided_by_id,
        "decided_at": decided_at.isoformat(),
        "release_at": work.paper.results_day.isoformat(),
        "marks": [
            {
                "candidate_no": one.candidate_no,
                "from": {"total": one.before.total, "outcome": one.before.outcome},
                "to": {"total": one.after.total, "outcome": one.after.outcome},
            }
            for one in work.settled(outcome)
        ],
    }


def returned_event(moderation: Moderation) -> dict[str, Any]:
    """The data of `moderation.returned.v1`."""
    returned_at = cast("Any", moderation.decided_at)
    return {
        "centre_no": moderation.centre_no,
        "paper_id": moderation.paper_id,
        "returned_by": moderation.decided_by_id,
        "returned_at": returned_at.isoformat(),
    }
