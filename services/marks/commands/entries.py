"""Importing the board's entries: all of a file, or nothing."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from services.marks.commands.sheet_import import SheetImport
from services.marks.domain.entries import Entry, read_entries
from services.marks.domain.entry_changes import Step
from services.marks.domain.findings import LineFindings
from services.marks.models import Candidate, Paper, Sheet
from services.marks.queries.entries import (
    SHEETS_AT_ONCE,
    known_candidates,
    papers_by_code,
    slices,
)
from services.marks.queries.sheets import SheetKey, in_sheets
from shared import clock
from shared.access.principal import Principal
from shared.audit import Change, record
from shared.events.outbox import emit, insert_into
from shared.i18n import gettext as _

ROWS_AT_ONCE = 1000

OnProgress = Callable[[int], object]
Cursors = dict[SheetKey, int]


class ImportCounts(TypedDict):
    """How many candidates an import added, changed, withdrew and left as they were."""

    added: int
    changed: int
    withdrawn: int
    unchanged: int


@dataclass(frozen=True)
class EntriesFile:
    """The good lines of a file, and what is wrong with the others."""

    entries: Sequence[Entry]
    findings: LineFindings


def read_file(source: Iterable[bytes]) -> EntriesFile:
    """Read an entries file by its lines; UnprocessableError where its first line is wrong."""
    findings = LineFindings()
    return EntriesFile(list(read_entries(source, clock.today(), findings)), findings)


def import_entries(
    session: Session,
    file: EntriesFile,
    who: Principal | None = None,
    *,
    dry_run: bool = False,
    on_progress: OnProgress = lambda _entries: None,
) -> ImportCounts:
    """Bring entries in line with the file, or (`dry_run`) only tell what it would change.

    UnprocessableError names every bad line, and then nothing is stored. `on_progress` is told
    how many more entries are dealt with.
    """
    sheets = _by_sheet(session, file)
    keys = [sheet.key for sheet in sheets]
    cursors = {} if dry_run else _lock(session, keys)
    known = known_candidates(session, keys)
    for sheet in sheets:
        sheet.plan(known[sheet.key], file.findings)
    file.findings.refuse()
    counts = _counted(step for sheet in sheets for step in sheet.steps)
    changed = [] if dry_run else [sheet for sheet in sheets if sheet.changes]
    on_progress(len(file.entries) if dry_run else counts["unchanged"])
    if changed:
        _store(session, changed, cursors, on_progress)
        _tell(session, changed, counts, who)
    return counts


def _by_sheet(session: Session, file: EntriesFile) -> list[SheetImport]:
    """The entries whose paper is known, by sheet, in the order sheets are locked in."""
    papers = papers_by_code(session, {entry.series for entry in file.entries})
    sheets: dict[SheetKey, SheetImport] = {}
    for entry in file.entries:
        paper = _paper_of(entry, papers.get(entry.series, {}), file.findings)
        if paper is not None:
            key = entry.centre_no, paper.id
            if key not in sheets:
                sheets[key] = SheetImport(entry.centre_no, paper)
            sheets[key].entries.append(entry)
    return [sheets[key] for key in sorted(sheets)]


def _paper_of(entry: Entry, papers: dict[str, Paper], findings: LineFindings) -> Paper | None:
    """The paper of an entry, among those of its series; None, and a finding, where it has none."""
    wrong = partial(findings.add_line, entry.line)
    paper = papers.get(entry.paper_code)
    if not papers:
        wrong("series", _("There are no papers in %(series)s.", series=entry.series))
    elif paper is None:
        code, series = entry.paper_code, entry.series
        wrong(
            "paper_code", _("There is no paper %(code)s in %(series)s.", code=code, series=series)
        )
    elif paper.qualification.casefold() != entry.qualification.casefold():
        is_one = _("Paper %(code)s is one of %(name)s.", code=paper.code, name=paper.qualification)
        wrong("qualification", is_one)
        return None
    return paper


def _lock(session: Session, keys: Sequence[SheetKey]) -> Cursors:
    """Make the sheets that are missing and lock all of them; returns their cursors.

    Every import takes them in the same order, so that no two wait for each other.
    """
    key = Sheet.centre_no, Sheet.paper_id
    for part in slices(keys, SHEETS_AT_ONCE):
        rows = [{"centre_no": centre_no, "paper_id": paper_id} for centre_no, paper_id in part]
        session.execute(insert_into(session, Sheet).on_conflict_do_nothing(), rows)
    cursors: Cursors = {}
    for part in slices(keys, SHEETS_AT_ONCE):
        locked = select(*key, Sheet.cursor).where(in_sheets(Sheet, part)).order_by(*key)
        for centre_no, paper_id, cursor in session.execute(locked.with_for_update()):
            cursors[centre_no, paper_id] = cursor
    return cursors


def _store(
    session: Session, sheets: Sequence[SheetImport], cursors: Cursors, on_progress: OnProgress
) -> None:
    new = [row for sheet in sheets for row in sheet.new_rows(cursors[sheet.key] + 1)]
    changed = [row for sheet in sheets for row in sheet.changed_rows(cursors[sheet.key] + 1)]
    for statement, rows in ((insert(Candidate), new), (update(Candidate), changed)):
        for part in slices(rows, ROWS_AT_ONCE):
            session.execute(statement, part)
            on_progress(len(part))
    moved = [
        {"centre_no": sheet.centre_no, "paper_id": sheet.paper.id, "cursor": cursors[sheet.key] + 1}
        for sheet in sheets
    ]
    session.execute(update(Sheet), moved)


def _tell(
    session: Session, sheets: Sequence[SheetImport], counts: ImportCounts, who: Principal | None
) -> None:
    """Send one event per sheet, and leave one row in the audit trail."""
    by_sheet: dict[str, object] = {}
    for sheet in sheets:
        subject = "/".join(sheet.key)
        by_sheet[subject] = _counted(sheet.steps)
        emit(session, "entries.changed.v1", subject, sheet.event_data())
    after = {**counts, "sheets": by_sheet}
    record(session, who, "entries.imported", "entries", Change(after=after))


def _counted(steps: Iterable[Step]) -> ImportCounts:
    counts = Counter(step.change.value for step in steps)
    return ImportCounts(
        added=counts["added"],
        changed=counts["changed"],
        withdrawn=counts["withdrawn"],
        unchanged=counts["unchanged"],
    )
