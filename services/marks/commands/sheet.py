"""A sheet held for changing: saves, submissions and corrections of one sheet queue here."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from services.marks.commands import writing
from services.marks.domain.paper import CANDIDATE_NO, CLOSED, PaperRules
from services.marks.domain.sheet import SheetKey
from services.marks.models import Candidate, Paper, Sheet
from services.marks.queries.papers import deadline_of, rules_of
from services.marks.queries.reach import in_reach
from services.marks.queries.submission import last_number
from shared import clock
from shared.access.principal import Principal
from shared.access.teaching_sets import Sets, only_sets
from shared.errors import ConflictError
from shared.findings import Findings
from shared.i18n import gettext as _

# Made once: a mark is saved in a few milliseconds, and a statement takes a part of one to make.
_SHEET = (
    select(Sheet, Paper)
    .join(Paper, Paper.id == Sheet.paper_id)
    .where(Sheet.centre_no == bindparam("centre_no"), Sheet.paper_id == bindparam("paper_id"))
)
_SHEET_TO_CHANGE = _SHEET.with_for_update(of=Sheet)
_CANDIDATES = select(Candidate).where(
    Candidate.centre_no == bindparam("centre_no"),
    Candidate.paper_id == bindparam("paper_id"),
    Candidate.candidate_no.in_(bindparam("numbers", expanding=True)),
    Candidate.withdrawn.is_(False),
)


@dataclass
class HeldSheet:
    """A sheet whose row this transaction has locked, and who is changing it.

    `cursor` is the number of the last change, those not written yet included.
    """

    session: Session
    who: Principal
    key: SheetKey
    sheet: Sheet
    paper: Paper
    cursor: int = 0
    _changed: dict[int, Candidate] = field(default_factory=dict)
    _changes: list[dict[str, Any]] = field(default_factory=list)

    @cached_property
    def rules(self) -> PaperRules:
        return rules_of(self.paper)

    @property
    def sets(self) -> Sets | None:
        """The teaching sets that alone are there for whoever changes it; None: all."""
        return only_sets(self.who, self.key.centre_no)

    def require_open(self) -> None:
        """ConflictError where the deadline has passed, and the paper takes no marks after it.

        It is the deadline of the first submission: what the board opens again after one is open.
        """
        deadline = deadline_of(self.paper, self.sheet.extended_until)
        passed = self.paper.after_deadline == CLOSED and clock.today() > deadline
        if passed and not last_number(self.session, *self.key):
            said = _("The deadline for these marks has passed. Ask the board for a later one.")
            raise ConflictError(said, slug="deadline-passed")

    def candidates(self, numbers: Collection[str]) -> dict[str, Candidate]:
        """Those of these candidates that the sheet has, by number; withdrawn ones are not there."""
        found = _CANDIDATES.where(*in_reach(self.sets))
        asked = {**self.key._asdict(), "numbers": list(numbers)}
        return {one.candidate_no: one for one in self.session.scalars(found, asked)}

    def named(self, candidate_no: object) -> Candidate:
        """Whom a body names; UnprocessableError where the sheet has no such candidate."""
        number = candidate_no if isinstance(candidate_no, str) else ""
        known = self.candidates([number]) if CANDIDATE_NO.fullmatch(number) else {}
        if number not in known:
            findings = Findings()
            findings.add("/candidate_no", _("There is no such candidate on this marksheet."))
            findings.refuse()
        return known[number]

    def everyone(self) -> dict[str, Candidate]:
        """Every candidate of the sheet that is not withdrawn, by number."""
        found = select(Candidate).filter_by(
            centre_no=self.key.centre_no, paper_id=self.key.paper_id, withdrawn=False
        )
        found = found.where(*in_reach(self.sets))
        return {one.candidate_no: one for one in self.session.scalars(found)}

    def next_cursor(self) -> int:
        self.cursor += 1
        return self.cursor

    def changed(
        self, candidate: Candidate, before: dict[str, Any], *, how: str, why: str = ""
    ) -> None:
        """Count a change of the candidate's mark that was just made, and keep its history."""
        candidate.version += 1
        candidate.changed = self.next_cursor()
        self._changed[candidate.id] = candidate
        self._changes.append(
            {
                "candidate_no": candidate.candidate_no,
                "how": how,
                "why": why,
                "before": before,
                "after": snapshot(candidate),
            }
        )

    def write(self) -> None:
        """Write what was changed since it was held; from now on its candidates are only read."""
        if self.cursor == self.sheet.cursor:
            return
        for candidate in self._changed.values():
            # Otherwise the session would write each by itself.
            self.session.expunge(candidate)
        rows = [writing.altered(candidate) for candidate in self._changed.values()]
        common = {
            **self.key._asdict(),
            "at": clock.now(),
            "by_id": self.who.user_id,
            "by": self.who.name,
        }
        writing.write(self.session, self.cursor, rows, self._changes, common)
        set_committed_value(self.sheet, "cursor", self.cursor)
        self._changed.clear()
        self._changes.clear()


def read_sheet(session: Session, who: Principal, key: SheetKey, *, lock: bool = False) -> HeldSheet:
    """The sheet as it is; without the lock it is for looking only."""
    wanted = _SHEET_TO_CHANGE if lock else _SHEET
    sheet, paper = session.execute(wanted, key._asdict()).one()
    return HeldSheet(session, who, key, sheet, paper, sheet.cursor)


@contextmanager
def hold_sheet(session: Session, who: Principal, key: SheetKey) -> Iterator[HeldSheet]:
    """Lock the sheet until the commit. The access rule has seen that it is there."""
    held = read_sheet(session, who, key, lock=True)
    yield held
    held.write()


def snapshot(candidate: Candidate) -> dict[str, Any]:
    """What counts for the candidate now, for the history: a correction is in place of the mark."""
    error = candidate.clerical_error
    return {
        "tasks": error["tasks"] if error else candidate.tasks,
        "code": candidate.code,
        "outcome": candidate.outcome,
        "total": candidate.effective_total,
        "initials": candidate.initials,
    }
