"""Importing the board's entries: all of a file, or nothing."""

import io
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import NotRequired

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from services.marks.commands.edi import edi_records
from services.marks.commands.edi_sequence import SequenceOf, look_at, move_on
from services.marks.commands.sheet_import import SheetImport
from services.marks.domain.edi_names import EdiName
from services.marks.domain.entries import COLUMNS, Entry, entries_of, read_entries
from services.marks.domain.entry_changes import Step
from services.marks.domain.sheet import SheetKey
from services.marks.models import Candidate, Paper, Sheet
from services.marks.queries.entries import (
    SHEETS_AT_ONCE,
    known_candidates,
    papers_by_code,
)
from services.marks.queries.sheets import in_sheets
from shared import clock
from shared.access.principal import Principal
from shared.audit import Change, record
from shared.errors import FieldError, UnprocessableError
from shared.events.outbox import emit, insert_into
from shared.findings import LineFindings
from shared.i18n import gettext as _
from shared.slices import slices

ROWS_AT_ONCE = 1000

OnProgress = Callable[[int], object]
Cursors = dict[SheetKey, int]


class ImportCounts(TypedDict):
    """How many candidates an import added, changed, withdrew and left as they were.

    `warnings` are about the place of an EDI file in its sequence, where there are any.
    """

    added: int
    changed: int
    withdrawn: int
    unchanged: int
    warnings: NotRequired[list[str]]


@dataclass(frozen=True)
class EntriesFile:
    """The good lines of a file, what is wrong with the others, and of an EDI file its name."""

    entries: Sequence[Entry]
    findings: LineFindings
    is_edi: bool = False
    name: EdiName | None = None


def read_file(source: Iterable[bytes]) -> EntriesFile:
    """Read an entries file by its lines; UnprocessableError where its first line is wrong."""
    findings = LineFindings()
    return EntriesFile(list(read_entries(source, clock.today(), findings)), findings)


def read_bytes(raw: bytes, name: str = "") -> EntriesFile:
    """Read an entries file, CSV or EDI, whichever it is; the `name` of an EDI file says its centre.

    UnprocessableError where its first line is wrong.
    """
    findings, broken = LineFindings(), LineFindings()
    records = edi_records(raw, "entries", COLUMNS, broken, name)
    if records is None:
        return read_file(io.BytesIO(raw))
    entries = list(entries_of(records, clock.today(), findings))
    findings.take(broken)
    return EntriesFile(entries, findings, is_edi=True, name=EdiName.parse(name))


def import_entries(
    session: Session,
    file: EntriesFile,
    who: Principal | None = None,
    *,
    dry_run: bool = False,
    any_sequence: bool = False,
    on_progress: OnProgress = lambda _entries: None,
) -> ImportCounts:
    """Bring entries in line with the file, or (`dry_run`) only tell what it would change.

    UnprocessableError names every bad line, and then nothing is stored. Unless in `any_sequence`,
    ConflictError where an EDI file was loaded before, and UnprocessableError where its name does
    not tell. `on_progress` is told how many more entries are dealt with.
    """
    file = replace(file, findings=file.findings.copy())
    sheets = _by_sheet(session, file, lock=not dry_run)
    keys = [sheet.key for sheet in sheets]
    cursors = {} if dry_run else _lock(session, keys)
    known = known_candidates(session, keys)
    for sheet in sheets:
        sheet.plan(known[sheet.key], file.findings)
    file.findings.refuse()
    warnings = _in_sequence(session, file, refuse=not any_sequence, dry_run=dry_run)
    counts = _counted(step for sheet in sheets for step in sheet.steps)
    changed = [] if dry_run else [sheet for sheet in sheets if sheet.changes]
    on_progress(len(file.entries) if dry_run else counts["unchanged"])
    if changed:
        _store(session, changed, cursors, on_progress)
        _tell(session, changed, {**counts, **_named(file)}, who)
    return {**counts, "warnings": warnings} if warnings else counts


def _in_sequence(session: Session, file: EntriesFile, *, refuse: bool, dry_run: bool) -> list[str]:
    """What is odd about the place of an EDI file in its sequences, which are moved on to it.

    There is one for each series of its lines.
    """
    if not file.is_edi:
        return []
    if file.name is None:
        return [_nameless(refuse=refuse and not dry_run)]
    series = sorted({str(entry.series) for entry in file.entries})
    places = [SequenceOf(file.name, each) for each in series]
    odd = [
        look_at(session, place) if dry_run else move_on(session, place, refuse=refuse)
        for place in places
    ]
    return list(dict.fromkeys(filter(None, odd)))


def _nameless(*, refuse: bool) -> str:
    said = _("The name of this EDI file does not tell its place: it must be such as E68101WJ.X01.")
    if refuse:
        raise UnprocessableError(said, [FieldError("/file_name", said)])
    return said


def _named(file: EntriesFile) -> dict[str, str]:
    return {"file": str(file.name)} if file.name else {}


def _by_sheet(session: Session, file: EntriesFile, *, lock: bool) -> list[SheetImport]:
    """The entries whose paper is known, by sheet, in the order sheets are locked in."""
    papers = papers_by_code(session, {entry.series for entry in file.entries}, lock=lock)
    sheets: dict[SheetKey, SheetImport] = {}
    for entry in file.entries:
        paper = _paper_of(entry, papers.get(entry.series, {}), file.findings)
        if paper is not None:
            key = SheetKey(entry.centre_no, paper.id)
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
            cursors[SheetKey(centre_no, paper_id)] = cursor
    return cursors


def _store(
    session: Session, sheets: Sequence[SheetImport], cursors: Cursors, on_progress: OnProgress
) -> None:
    at = clock.now()
    new = [row for sheet in sheets for row in sheet.new_rows(cursors[sheet.key] + 1, at)]
    changed = [row for sheet in sheets for row in sheet.changed_rows(cursors[sheet.key] + 1, at)]
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
    session: Session,
    sheets: Sequence[SheetImport],
    told: Mapping[str, object],
    who: Principal | None,
) -> None:
    """Send one event per sheet, and leave one row in the audit trail."""
    by_sheet: dict[str, object] = {}
    for sheet in sheets:
        subject = str(sheet.key)
        by_sheet[subject] = _counted(sheet.steps)
        emit(session, "entries.changed.v1", subject, sheet.event_data())
    after = {**told, "sheets": by_sheet}
    record(session, who, "entries.imported", "entries", Change(after=after))


def _counted(steps: Iterable[Step]) -> ImportCounts:
    counts = Counter(step.change.value for step in steps)
    return ImportCounts(
        added=counts["added"],
        changed=counts["changed"],
        withdrawn=counts["withdrawn"],
        unchanged=counts["unchanged"],
    )
