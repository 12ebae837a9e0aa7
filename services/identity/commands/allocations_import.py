"""Allocating moderators by a file: all of it, or nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from services.identity.commands import allocations
from services.identity.commands.accounts import unknown_centre
from services.identity.domain.allocations_file import AllocationLine, read_allocations
from services.identity.models import AllocationRecord, Paper, User
from services.identity.queries.allocations_file import Known, known
from shared.access.principal import Principal
from shared.findings import LineFindings
from shared.i18n import gettext as _

Action = Literal["allocated", "removed"]


class AllocationChangeJson(TypedDict):
    """What a line changes."""

    line: int
    email: str
    name: str
    centre_no: str
    paper_id: str
    paper_title: str
    action: Action


class AllocationsImportJson(TypedDict):
    """What a file changes, or would change."""

    changes: list[AllocationChangeJson]
    unchanged: int


@dataclass(frozen=True)
class AllocationsFile:
    """The good lines of a file, and what is wrong with the others."""

    lines: Sequence[AllocationLine]
    findings: LineFindings


@dataclass(frozen=True)
class Step:
    """What a line is about; `record` is the allocation that there is."""

    line: AllocationLine
    user: User
    paper: Paper
    record: AllocationRecord | None

    @property
    def action(self) -> Action | None:
        """What is to be done, None where it is so already."""
        if self.line.action == "A":
            return None if self.record else "allocated"
        return "removed" if self.record else None


def read_file(source: Iterable[bytes]) -> AllocationsFile:
    """Read a file by its lines; UnprocessableError where its first line is wrong."""
    findings = LineFindings()
    return AllocationsFile(read_allocations(source, findings), findings)


def try_import(session: Session, file: AllocationsFile) -> AllocationsImportJson:
    """What the file would change; UnprocessableError names every bad line."""
    return _told(_plan(session, file))


def import_allocations(
    session: Session, who: Principal, file: AllocationsFile
) -> AllocationsImportJson:
    """Make and end allocations as the file says."""
    steps = _plan(session, file, lock=True)
    # Each event locks its subject: in one order, so that no two imports wait for each other.
    for step in sorted(steps, key=lambda step: (step.line.centre_no, step.paper.id)):
        if step.action == "allocated":
            wanted = allocations.Wanted(step.user.email, step.line.centre_no, step.paper.id)
            allocations.make(session, who, step.user, wanted)
        elif step.record and step.action == "removed":
            allocations.end(session, who, step.record)
    return _told(steps)


def _plan(session: Session, file: AllocationsFile, *, lock: bool = False) -> Sequence[Step]:
    findings = file.findings.copy()
    there = known(session, file.lines, lock=lock)
    found = [_step(line, there, findings) for line in file.lines]
    findings.refuse()
    return [step for step in found if step]


def _step(line: AllocationLine, there: Known, findings: LineFindings) -> Step | None:
    """What the line is about; None, and each of its faults a finding, where it cannot be."""
    user = there.users.get(line.key[0])
    paper = there.papers.get((line.series, line.paper_code))
    named = (user.id, line.centre_no, paper.id) if user and paper else None
    record = there.records.get(named) if named else None
    wrong = [] if record else [*_faults(line, user, paper, there)]
    for column, said in wrong:
        findings.add_line(line.line, column, said)
    return Step(line, user, paper, record) if user and paper and not wrong else None


def _faults(
    line: AllocationLine, user: User | None, paper: Paper | None, there: Known
) -> Iterable[tuple[str, str]]:
    """What keeps the line from being followed, by column."""
    new = line.action == "A"
    if user is None or (new and user.status == "deactivated"):
        yield "email", _("No appointee has this email address.")
    elif new and (user.id, line.centre_no) in there.interests:
        yield "email", _("Nobody moderates a centre of their own.")
    if line.centre_no not in there.centres:
        yield "centre_no", unknown_centre(line.centre_no).detail
    if paper is None:
        code, series = line.paper_code, line.series
        yield "paper_code", _("There is no paper %(code)s in %(series)s.", code=code, series=series)


def _told(steps: Sequence[Step]) -> AllocationsImportJson:
    changes: list[AllocationChangeJson] = [
        {
            "line": step.line.line,
            "email": step.user.email,
            "name": step.user.name,
            "centre_no": step.line.centre_no,
            "paper_id": step.paper.id,
            "paper_title": step.paper.full_title,
            "action": step.action,
        }
        for step in steps
        if step.action
    ]
    return {"changes": changes, "unchanged": len(steps) - len(changes)}
