"""Loading marks from a file: all of it, or nothing."""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from services.marks.commands.edi import edi_records
from services.marks.commands.marks import put_mark, stale_error, submitted_error
from services.marks.commands.sheet import HeldSheet, hold_sheet, read_sheet, snapshot
from services.marks.domain.edi import fitting
from services.marks.domain.mark_file import MOST_LINES, Record, SheetFile, read_mark_lines
from services.marks.domain.mark_import import Conflict, Held, Plan, Step, plan
from services.marks.domain.sheet import SheetKey
from services.marks.domain.text import display_name
from services.marks.models import Candidate
from services.marks.queries.history import MarkJson, mark_json
from services.marks.queries.mark_files import sheet_file
from services.marks.queries.marksheet import CandidateJson, candidate_json, mark_of
from shared import audit
from shared.access.principal import Principal
from shared.csv_records import records
from shared.errors import ConflictError, FieldError, UnprocessableError
from shared.findings import LineFindings
from shared.i18n import gettext as _
from shared.i18n import ngettext
from shared.spreadsheets import ZIP_BEGINS, BrokenWorkbookError, plain_cell, read_xlsx

MarkChangeJson = TypedDict(
    "MarkChangeJson", {"candidate_no": str, "name": str, "from": MarkJson, "to": MarkJson}
)


class RefusedLineJson(TypedDict):
    """A line that meets what somebody else has done: `to` is what the file has."""

    candidate_no: str
    line: int
    status: int
    detail: str
    to: MarkJson
    current: CandidateJson


class OddJson(TypedDict):
    """What may be a mistake, and is none that keeps anybody from importing."""

    candidate_no: str
    line: int
    detail: str


class MarksImportJson(TypedDict):
    """What an import changes, or a dry run would; `cursor` is that of the sheet as looked at."""

    changes: list[MarkChangeJson]
    refused: list[RefusedLineJson]
    odd: list[OddJson]
    unchanged: int
    cursor: str


@dataclass(frozen=True)
class MarksFile:
    """The records of a file with the numbers of their lines; a workbook's are its rows."""

    records: Sequence[Record]
    workbook: bool
    edi: bool = False
    findings: LineFindings = field(default_factory=LineFindings)


def read_marks_file(raw: bytes) -> MarksFile:
    """Read CSV, EDI or XLSX, whichever it is; UnprocessableError where it cannot be read."""
    if not raw.startswith(ZIP_BEGINS):
        findings = LineFindings()
        read = edi_records(raw, "marks", None, findings)
        if read is not None:
            return MarksFile(list(read), workbook=False, edi=True, findings=findings)
        lines = []
        for line, cells in records(io.BytesIO(raw)):
            lines.append((line, [plain_cell(cell) for cell in cells]))
            if len(lines) > MOST_LINES + 1:
                break
        return MarksFile(lines, workbook=False)
    try:
        return MarksFile(list(read_xlsx(raw)), workbook=True)
    except BrokenWorkbookError as broken:
        said = _("The workbook cannot be read: it is damaged, or too large.")
        raise UnprocessableError(said, [FieldError("", said)]) from broken


def try_marks(
    session: Session, who: Principal, key: SheetKey, file: MarksFile, seen: int | None
) -> MarksImportJson:
    """What an import would do; UnprocessableError names every bad line.

    ConflictError where nothing that the file changes is taken any more.
    """
    sheet = read_sheet(session, who, key)
    found = sheet.everyone()
    planned = _plan(sheet, found, file, seen)
    if any(step.conflict is not Conflict.SUBMITTED for step in planned.steps):
        sheet.require_open()
    return _told(sheet, found, planned, len(file.records) - 1)


def import_marks(
    session: Session, who: Principal, key: SheetKey, file: MarksFile, seen: int | None
) -> MarksImportJson:
    """Load the marks; UnprocessableError, and nothing is changed, where a line is refused."""
    with hold_sheet(session, who, key) as sheet:
        found = sheet.everyone()
        planned = _plan(sheet, found, file, seen)
        told = _told(sheet, found, planned, len(file.records) - 1)
        _refuse(planned, told)
        if planned.changes:
            sheet.require_open()
        for step in planned.changes:
            candidate = found[step.candidate_no]
            before = snapshot(candidate)
            put_mark(sheet.rules, candidate, step.after)
            sheet.changed(candidate, before, how="imported")
        told["cursor"] = str(sheet.cursor)
        after = {"changed": len(planned.changes), "unchanged": told["unchanged"]}
        audit.record(session, who, "marks.imported", str(key), audit.Change(after=after))
    return told


def _plan(
    sheet: HeldSheet, found: Mapping[str, Candidate], file: MarksFile, seen: int | None
) -> Plan:
    findings = LineFindings()
    like = sheet_file(sheet.paper, sheet.key.centre_no)
    lines = read_mark_lines(_fitting(file, like), like, findings, workbook=file.workbook)
    held = {number: _held(candidate) for number, candidate in found.items()}
    planned = plan(sheet.rules, lines, held, findings, seen)
    findings.take(file.findings)
    findings.refuse()
    return planned


def _fitting(file: MarksFile, like: SheetFile) -> Iterable[Record]:
    """An EDI file has room for more tasks than a paper has."""
    if not file.edi:
        return file.records
    return fitting([(line, [*map(str, record)]) for line, record in file.records], like.required)


def _held(candidate: Candidate) -> Held:
    return Held(
        mark=mark_of(candidate),
        version=candidate.version,
        changed=candidate.changed,
        locked=candidate.submission is not None,
    )


def _told(
    sheet: HeldSheet, found: Mapping[str, Candidate], planned: Plan, lines: int
) -> MarksImportJson:
    return {
        "changes": [_change_json(step, found[step.candidate_no]) for step in planned.changes],
        "refused": [_refused_json(step, found[step.candidate_no]) for step in planned.conflicts],
        "odd": [
            {"candidate_no": odd.candidate_no, "line": odd.line, "detail": odd.detail}
            for odd in planned.odd
        ],
        "unchanged": max(lines, 0) - len(planned.steps),
        "cursor": str(sheet.cursor),
    }


def _change_json(step: Step, candidate: Candidate) -> MarkChangeJson:
    return {
        "candidate_no": step.candidate_no,
        "name": display_name(candidate.surname, candidate.forenames),
        "from": mark_json(step.before),
        "to": mark_json(step.after),
    }


def _refused_json(step: Step, candidate: Candidate) -> RefusedLineJson:
    refusal = _refusal(step, candidate)
    return {
        "candidate_no": step.candidate_no,
        "line": step.line,
        "status": refusal.status,
        "detail": refusal.detail,
        "to": mark_json(step.after),
        "current": candidate_json(candidate),
    }


def _refusal(step: Step, candidate: Candidate) -> ConflictError:
    if step.conflict is Conflict.SUBMITTED:
        return submitted_error(candidate)
    return stale_error(candidate)


def _refuse(planned: Plan, told: MarksImportJson) -> None:
    """All or nothing: a line that somebody else was before refuses the file."""
    if not planned.conflicts:
        return
    findings = LineFindings()
    for refused in told["refused"]:
        findings.add_line(refused["line"], "candidate_no", refused["detail"])
    said = ngettext(
        "Nothing is imported: %(num)s candidate has been changed or submitted meanwhile.",
        "Nothing is imported: %(num)s candidates have been changed or submitted meanwhile.",
        len(planned.conflicts),
    )
    extra: dict[str, Any] = {"refused": told["refused"]}
    raise UnprocessableError(said, tuple(findings.errors), extra, slug="import-conflicts")
