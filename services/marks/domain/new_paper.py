"""The rules for a paper the board adds to the catalogue."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from services.marks.domain.paper import (
    BY_OUTCOME,
    CLOSED,
    PAPER_CODE,
    SAMPLE_POLICIES,
    UPLOADS,
    WARN,
    YEARS,
    NewPaper,
    PaperRules,
    Task,
)
from services.marks.domain.text import LONGEST_NAME, read_required, read_text, tidy
from shared.errors import FieldError
from shared.findings import Findings, InvalidValueError
from shared.i18n import gettext as _
from shared.ids import CENTRE_NO

LARGEST_MARK = 9999
LARGEST_FILE_MIB = 5 * 1024
WEB_ADDRESS = re.compile(r"https?://[^\s/]\S*")
MOST_PARTS = 50
SMALLEST_CONSORTIUM = 2
# A year that was mistyped, `3031`, is no deadline.
YEARS_LATER = 50
# Other services keep outcomes, and tell of them in sentences that are kept.
LONGEST_OUTCOME = 60


def tidied(paper: NewPaper) -> NewPaper:
    """The paper with every text as it is kept."""
    rules = paper.rules
    return replace(
        paper,
        title=tidy(paper.title),
        unit=tidy(paper.unit),
        qualification=tidy(paper.qualification),
        board=tidy(paper.board),
        evidence_pieces=tuple(map(tidy, paper.evidence_pieces)),
        max_file_mib=paper.max_file_mib or None,
        evidence_advice=tidy(paper.evidence_advice or "") or None,
        upload_guide=tidy(paper.upload_guide or "") or None,
        work_to=tidy(paper.work_to or "") or None,
        rules=replace(
            rules,
            tasks=rules.tasks and tuple(Task(tidy(task.name), task.max) for task in rules.tasks),
            outcomes=rules.outcomes and tuple(map(tidy, rules.outcomes)),
            not_classified=_not_classified(rules),
        ),
    )


def _not_classified(rules: PaperRules) -> str:
    """The outcome that is never sampled, as it is written where it stands among the others."""
    name = tidy(rules.not_classified)
    written = {outcome.casefold(): outcome for outcome in map(tidy, rules.outcomes or ())}
    return written.get(name.casefold(), name)


def problems(paper: NewPaper, today: date) -> list[FieldError]:
    """Everything that keeps this from being a paper, by JSON pointer; empty when nothing does.

    Whether the code is free in its series, and the linked papers there, is for the caller to say.
    """
    findings = Findings()
    _check_texts(paper, findings)
    _check_assessment(paper.rules, findings)
    _check_policy(paper, findings)
    _check_evidence(paper, findings)
    _check_consortia(paper.consortia, findings)
    findings.errors.extend(_date_problems(paper, today))
    if paper.results_day.utcoffset() is None:
        findings.add("/results_day", _("Must be a date and time with an offset from UTC."))
    if paper.after_deadline not in {WARN, CLOSED}:
        findings.add("/after_deadline", _("Must be one of: %(names)s.", names=f"{WARN}, {CLOSED}"))
    if not 0 <= paper.tolerance <= LARGEST_MARK:
        findings.add("/tolerance", _("Must be a number of marks, 0 or more."))
    return findings.errors


def _date_problems(paper: NewPaper, today: date) -> list[FieldError]:
    """What a centre sends comes in order, marks and then the sample's work, in a year that may be.

    The board may close evidence or release results in any year that a series may have.
    """
    work = range(YEARS.start, max(paper.series.year, today.year) + YEARS_LATER + 1)
    spans = {
        "marks_deadline": work,
        "sample_deadline": work,
        "evidence_until": YEARS,
        "results_day": YEARS,
    }
    errors = [
        FieldError(
            f"/{name}",
            _("The year must be from %(first)s to %(last)s.", first=years[0], last=years[-1]),
        )
        for name, years in spans.items()
        if getattr(paper, name).year not in years
    ]
    if not errors and paper.sample_deadline < paper.marks_deadline:
        early = _("Must not be before the deadline for marks.")
        errors.append(FieldError("/sample_deadline", early))
    return errors


def _check_texts(paper: NewPaper, findings: Findings) -> None:
    if not PAPER_CODE.fullmatch(paper.code):
        findings.add("/code", _("Must be 4 to 10 of the characters 0-9, A-Z and /."))
    for name in ("title", "qualification", "board"):
        _check_text(f"/{name}", getattr(paper, name), findings)
    _check_text("/unit", paper.unit, findings, required=False)
    _check_text("/work_to", paper.work_to or "", findings, required=False)


def _check_evidence(paper: NewPaper, findings: Findings) -> None:
    if paper.upload not in UPLOADS:
        findings.add("/upload", _("Must be one of: %(names)s.", names=", ".join(UPLOADS)))
    _check_names("/evidence_pieces", paper.evidence_pieces, findings)
    _check_text("/evidence_advice", paper.evidence_advice or "", findings, required=False)
    _check_text("/upload_guide", paper.upload_guide or "", findings, required=False)
    if paper.upload_guide and not WEB_ADDRESS.fullmatch(paper.upload_guide):
        findings.add("/upload_guide", _("Must begin with https:// or http://."))
    if not 0 <= (paper.max_file_mib or 0) <= LARGEST_FILE_MIB:
        said = _("Must be a number of MiB, at most %(most)s.", most=LARGEST_FILE_MIB)
        findings.add("/max_file_mib", said)


def _check_assessment(rules: PaperRules, findings: Findings) -> None:
    if (rules.tasks is None) == (rules.outcomes is None):
        findings.add("/tasks", _("Exactly one of tasks and outcomes must be given."))
    if rules.tasks is not None:
        _check_count("/tasks", rules.tasks, findings)
        for number, task in enumerate(rules.tasks):
            _check_task(f"/tasks/{number}", task, findings)
    if rules.outcomes is not None:
        _check_count("/outcomes", rules.outcomes, findings)
        _check_names("/outcomes", rules.outcomes, findings, longest=LONGEST_OUTCOME)
    _check_text("/not_classified", rules.not_classified, findings, longest=LONGEST_OUTCOME)


def _check_task(pointer: str, task: Task, findings: Findings) -> None:
    _check_text(f"{pointer}/name", task.name, findings)
    if not 1 <= task.max <= LARGEST_MARK:
        findings.add(f"{pointer}/max", _("Must be a whole number, 1 or more."))


def _check_policy(paper: NewPaper, findings: Findings) -> None:
    policy, known = paper.sample_policy, ", ".join(SAMPLE_POLICIES)
    if policy not in SAMPLE_POLICIES:
        findings.add("/sample_policy", _("Must be one of: %(names)s.", names=known))
    elif policy == BY_OUTCOME and paper.rules.outcomes is None:
        findings.add("/sample_policy", _("Is only for papers assessed by outcome."))


def _check_consortia(consortia: Sequence[Sequence[str]], findings: Findings) -> None:
    """Groups of two centres or more; no centre in two of them."""
    seen: set[str] = set()
    for number, centres in enumerate(consortia):
        for place, centre_no in enumerate(centres):
            pointer = f"/consortia/{number}/{place}"
            if not CENTRE_NO.fullmatch(centre_no):
                findings.add(pointer, _("Must be 5 digits."))
            elif centre_no in seen:
                findings.add(pointer, _("Is named twice."))
            seen.add(centre_no)
        if len(centres) < SMALLEST_CONSORTIUM:
            findings.add(f"/consortia/{number}", _("Must have at least two centres."))


def _check_count(pointer: str, parts: Sequence[object], findings: Findings) -> None:
    if not 1 <= len(parts) <= MOST_PARTS:
        findings.add(pointer, _("Must have 1 to %(most)s items.", most=MOST_PARTS))


def _check_names(
    pointer: str, names: Sequence[str], findings: Findings, *, longest: int = LONGEST_NAME
) -> None:
    """Each visible and, whatever its case, named once."""
    seen: set[str] = set()
    for number, name in enumerate(names):
        _check_text(f"{pointer}/{number}", name, findings, longest=longest)
        folded = name.strip().casefold()
        if folded in seen:
            findings.add(f"{pointer}/{number}", _("Is named twice."))
        seen.add(folded)


def _check_text(
    pointer: str,
    text: str,
    findings: Findings,
    *,
    required: bool = True,
    longest: int = LONGEST_NAME,
) -> None:
    read = read_required if required else read_text
    try:
        read(text, longest=longest)
    except InvalidValueError as invalid:
        findings.add(pointer, str(invalid))
