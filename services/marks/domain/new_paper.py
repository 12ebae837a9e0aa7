"""The rules for a paper the board adds to the catalogue."""

from collections.abc import Sequence

from services.marks.domain.findings import Findings, InvalidValueError
from services.marks.domain.paper import PAPER_CODE, UPLOADS, NewPaper, PaperRules, Task
from services.marks.domain.text import LONGEST_NAME, read_required, read_text
from shared.errors import FieldError
from shared.i18n import gettext as _

LARGEST_MARK = 9999
MOST_PARTS = 50


def problems(paper: NewPaper) -> list[FieldError]:
    """Everything that keeps this from being a paper, by JSON pointer; empty when nothing does.

    Whether `sample_policy` is known, and the code free in its series, is for the caller to say.
    """
    findings = Findings()
    _check_texts(paper, findings)
    _check_assessment(paper.rules, findings)
    _check_dates(paper, findings)
    if paper.upload not in UPLOADS:
        findings.add("/upload", _("Must be one of: %(names)s.", names=", ".join(UPLOADS)))
    if not 0 <= paper.tolerance <= LARGEST_MARK:
        findings.add("/tolerance", _("Must be a number of marks, 0 or more."))
    return findings.errors


def _check_texts(paper: NewPaper, findings: Findings) -> None:
    if not PAPER_CODE.fullmatch(paper.code):
        findings.add("/code", _("Must be 4 to 10 of the characters 0-9, A-Z and /."))
    for name in ("title", "qualification", "board", "sample_policy"):
        _check_text(f"/{name}", getattr(paper, name), findings)
    _check_text("/unit", paper.unit, findings, required=False)
    _check_text("/work_to", paper.work_to or "", findings, required=False)
    _check_names("/evidence_pieces", paper.evidence_pieces, findings)


def _check_assessment(rules: PaperRules, findings: Findings) -> None:
    if (rules.tasks is None) == (rules.outcomes is None):
        findings.add("/tasks", _("Exactly one of tasks and outcomes must be given."))
    if rules.tasks is not None:
        _check_count("/tasks", rules.tasks, findings)
        for number, task in enumerate(rules.tasks):
            _check_task(f"/tasks/{number}", task, findings)
    if rules.outcomes is not None:
        _check_count("/outcomes", rules.outcomes, findings)
        _check_names("/outcomes", rules.outcomes, findings)
        _check_text("/not_classified", rules.not_classified, findings)


def _check_task(pointer: str, task: Task, findings: Findings) -> None:
    _check_text(f"{pointer}/name", task.name, findings)
    if not 1 <= task.max <= LARGEST_MARK:
        findings.add(f"{pointer}/max", _("Must be a whole number, 1 or more."))


def _check_dates(paper: NewPaper, findings: Findings) -> None:
    """Only the order of what a centre sends is fixed: marks first, then the sample's work.

    The board may close evidence or release results of a paper at any time.
    """
    if paper.sample_deadline < paper.marks_deadline:
        findings.add("/sample_deadline", _("Must not be before the deadline for marks."))
    if paper.results_day.utcoffset() is None:
        findings.add("/results_day", _("Must be a date and time with an offset from UTC."))


def _check_count(pointer: str, parts: Sequence[object], findings: Findings) -> None:
    if not 1 <= len(parts) <= MOST_PARTS:
        findings.add(pointer, _("Must have 1 to %(most)s items.", most=MOST_PARTS))


def _check_names(pointer: str, names: Sequence[str], findings: Findings) -> None:
    """Each visible and, whatever its case, named once."""
    seen: set[str] = set()
    for number, name in enumerate(names):
        _check_text(f"{pointer}/{number}", name, findings)
        folded = name.strip().casefold()
        if folded in seen:
            findings.add(f"{pointer}/{number}", _("Is named twice."))
        seen.add(folded)


def _check_text(pointer: str, text: str, findings: Findings, *, required: bool = True) -> None:
    read = read_required if required else read_text
    try:
        read(text, longest=LONGEST_NAME)
    except InvalidValueError as invalid:
        findings.add(pointer, str(invalid))
