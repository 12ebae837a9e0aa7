"""A sheet held for changing: saves, submissions and corrections of one sheet queue here."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from services.marks.domain.paper import PaperRules
from services.marks.models import Candidate, MarkChange, Paper, Sheet
from services.marks.queries.papers import rules_of
from shared import clock
from shared.access.principal import Principal


@dataclass(frozen=True)
class SheetKey:
    """Names one centre's sheet for one paper."""

    centre_no: str
    paper_id: str

    def __str__(self) -> str:
        """The subject of its events."""
        return f"{self.centre_no}/{self.paper_id}"


@dataclass
class HeldSheet:
    """A sheet whose row this transaction has locked, and who is changing it."""

    session: Session
    who: Principal
    key: SheetKey
    sheet: Sheet
    paper: Paper
    history: list[dict[str, Any]] = field(default_factory=list)

    @cached_property
    def rules(self) -> PaperRules:
        return rules_of(self.paper)

    def candidates(self, numbers: Collection[str]) -> dict[str, Candidate]:
        """Those of these candidates that the sheet has, by number; withdrawn ones are not there."""
        found = select(Candidate).where(
            Candidate.centre_no == self.key.centre_no,
            Candidate.paper_id == self.key.paper_id,
            Candidate.candidate_no.in_(numbers),
            Candidate.withdrawn.is_(False),
        )
        return {one.candidate_no: one for one in self.session.scalars(found)}

    def next_cursor(self) -> int:
        self.sheet.cursor += 1
        return self.sheet.cursor

    def changed(
        self, candidate: Candidate, before: dict[str, Any], *, how: str, why: str = ""
    ) -> None:
        """Count a change of the candidate's mark that was just made, and keep its history."""
        candidate.version += 1
        candidate.changed = self.next_cursor()
        self.history.append(
            {
                "centre_no": self.key.centre_no,
                "paper_id": self.key.paper_id,
                "candidate_no": candidate.candidate_no,
                "at": clock.now(),
                "by_id": self.who.user_id,
                "by": self.who.name,
                "how": how,
                "why": why,
                "before": before,
                "after": snapshot(candidate),
            }
        )


@contextmanager
def hold_sheet(session: Session, who: Principal, key: SheetKey) -> Iterator[HeldSheet]:
    """Lock the sheet until the commit. The access rule has seen that it is there."""
    wanted = select(Sheet, Paper).join(Paper, Paper.id == Sheet.paper_id)
    wanted = wanted.where(Sheet.centre_no == key.centre_no, Sheet.paper_id == key.paper_id)
    sheet, paper = session.execute(wanted.with_for_update(of=Sheet)).one()
    held = HeldSheet(session, who, key, sheet, paper)
    yield held
    if held.history:
        # In one statement: two thousand rows may have been saved.
        session.execute(insert(MarkChange), held.history)


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
