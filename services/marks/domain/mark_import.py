"""What a file of marks changes of a sheet, and where it meets what somebody else has done."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from services.marks.domain.mark_file import MarkLine
from services.marks.domain.marking import Change, Mark, apply
from services.marks.domain.paper import PaperRules
from shared.errors import UnprocessableError
from shared.findings import LineFindings
from shared.i18n import gettext as _


class Conflict(StrEnum):
    """Why a good line cannot be followed now."""

    SUBMITTED = "submitted"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class Held:
    """A candidate as the sheet has it; `changed` is the sheet's cursor at its last change."""

    mark: Mark
    version: int
    changed: int
    locked: bool


@dataclass(frozen=True, slots=True)
class Step:
    """What becomes of one candidate, or would but for the conflict."""

    line: int
    candidate_no: str
    before: Mark
    after: Mark
    conflict: Conflict | None


@dataclass(frozen=True, slots=True)
class Odd:
    """What may be a mistake in a line, in a sentence that says where it stands."""

    line: int
    candidate_no: str
    detail: str


@dataclass
class Plan:
    """`odd` are lines whose total is not the sum of their tasks: pointed out, and not refused."""

    steps: list[Step] = field(default_factory=list)
    odd: list[Odd] = field(default_factory=list)

    @property
    def changes(self) -> list[Step]:
        return [step for step in self.steps if step.conflict is None]

    @property
    def conflicts(self) -> list[Step]:
        return [step for step in self.steps if step.conflict is not None]


def plan(
    rules: PaperRules,
    lines: Iterable[MarkLine],
    held: Mapping[str, Held],
    findings: LineFindings,
    seen: int | None = None,
) -> Plan:
    """The steps that the lines ask for; lines that break a rule go to `findings`.

    A line is stale where it was made from another version of the mark. `seen` is the cursor of a
    sheet that the user has looked at: what changed since is stale, what did not is theirs to
    overwrite.
    """
    made = Plan()
    for line in lines:
        known = held.get(line.candidate_no)
        if known is None:
            said = _("There is no such candidate on this marksheet.")
            findings.add_line(line.line, "candidate_no", said)
            continue
        after = _after(rules, line, known.mark, findings)
        if after is None:
            continue
        if line.total is not None and line.total != after.total:
            said = _("The total in the file is not the sum of the tasks.")
            named = findings.named(line.line, "total", said)
            made.odd.append(Odd(line.line, line.candidate_no, named))
        if after != known.mark:
            conflict = _conflict(line, known, seen)
            made.steps.append(Step(line.line, line.candidate_no, known.mark, after, conflict))
    return made


def _after(rules: PaperRules, line: MarkLine, mark: Mark, findings: LineFindings) -> Mark | None:
    """The mark after the line; None, and findings by column, where it breaks a rule."""
    try:
        return apply(rules, mark, _change(line, mark))
    except UnprocessableError as refusal:
        for error in refusal.errors:
            findings.add_line(line.line, _column(error.pointer), error.detail)
        return None


def _change(line: MarkLine, mark: Mark) -> Change:
    if not any(task is not None for task in line.tasks):
        return Change(code=line.code, outcome=line.outcome, initials=line.initials)
    there = mark.tasks or (None,) * len(line.tasks)
    tasks = tuple(old if new is None else new for new, old in zip(line.tasks, there, strict=True))
    return Change(tasks=tasks, initials=line.initials)


def _column(pointer: str) -> str:
    _empty, name, *place = pointer.split("/")
    if name == "tasks" and place:
        return f"task_{int(place[0]) + 1}"
    return {"initials": "teacher_initials"}.get(name, name)


def _conflict(line: MarkLine, known: Held, seen: int | None) -> Conflict | None:
    if known.locked:
        return Conflict.SUBMITTED
    stale = line.version not in {None, known.version} if seen is None else known.changed > seen
    return Conflict.STALE if stale else None
