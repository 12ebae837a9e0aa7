"""What an import of entries does to one sheet: the rows it writes and the event it sends."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.marks.domain.entries import Entry
from services.marks.domain.entry_changes import Details, EntryChange, Known, Step, step_for
from services.marks.domain.marking import Mark
from services.marks.domain.sheet import UNMARKED, SheetKey
from services.marks.models import Paper
from services.marks.queries.papers import rules_of
from shared.findings import InvalidValueError, LineFindings
from shared.folding import folded

Row = dict[str, Any]


@dataclass
class SheetImport:
    """The lines of a file that are about one sheet, and what follows from them."""

    centre_no: str
    paper: Paper
    entries: list[Entry] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)

    @property
    def key(self) -> SheetKey:
        return SheetKey(self.centre_no, self.paper.id)

    def plan(self, known: dict[str, Known], findings: LineFindings) -> None:
        """Take the steps from what is known; lines that cannot be followed are findings."""
        for entry in self.entries:
            try:
                self.steps.append(step_for(entry, known.get(entry.candidate_no)))
            except InvalidValueError as invalid:
                findings.add_line(entry.line, "candidate_no", str(invalid))

    @property
    def changes(self) -> list[Step]:
        """The steps that are not for nothing."""
        return [step for step in self.steps if step.change is not EntryChange.UNCHANGED]

    def new_rows(self, cursor: int, at: datetime) -> list[Row]:
        """Rows of candidates never entered before, not yet marked."""
        tasks = Mark.blank(rules_of(self.paper)).tasks
        common = {
            "centre_no": self.centre_no,
            "paper_id": self.paper.id,
            "tasks": None if tasks is None else list(tasks),
            "standing": UNMARKED,
            "changed": cursor,
            "entered_at": at,
        }
        return [
            {**common, "candidate_no": step.candidate_no, **_columns(step.details)}
            for step in self.changes
            if step.known is None
        ]

    def changed_rows(self, cursor: int, at: datetime) -> list[Row]:
        """What changes of the rows that are there; marks and submission stay."""
        return [
            {
                "id": step.known.id,
                "withdrawn": step.change is EntryChange.WITHDRAWN,
                "changed": cursor,
                **_columns(step.details),
                **_moment(step.change, at),
            }
            for step in self.changes
            if step.known is not None
        ]

    def event_data(self) -> Row:
        """The data of `entries.changed.v1`."""
        return {
            "centre_no": self.centre_no,
            "paper_id": self.paper.id,
            "candidates": [
                {
                    "candidate_no": step.candidate_no,
                    **_named(step.details),
                    "dob": step.details.dob.isoformat(),
                    "change": step.change,
                }
                for step in self.changes
            ],
        }


def _moment(change: EntryChange, at: datetime) -> Row:
    """When a candidate came or went; other changes leave that as it is."""
    if change is EntryChange.ADDED:
        return {"entered_at": at}
    return {"withdrawn_at": at} if change is EntryChange.WITHDRAWN else {}


def _columns(details: Details) -> Row:
    return {
        **_named(details),
        "dob": details.dob,
        "surname_key": folded(details.surname),
    }


def _named(details: Details) -> Row:
    return {
        "uci": details.uci,
        "surname": details.surname,
        "forenames": details.forenames,
        "teaching_set": details.teaching_set,
    }
