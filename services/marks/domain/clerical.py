"""Clerical errors: a slip the moderator finds; the amended mark is the one that counts."""

from dataclasses import dataclass

from services.marks.domain.json_values import is_whole, read_object
from services.marks.domain.marking import Mark, read_tasks
from services.marks.domain.paper import PaperRules
from services.marks.domain.requests import read_reason
from shared.findings import Findings
from shared.i18n import gettext as _


@dataclass(frozen=True)
class ClericalError:
    """The amended mark: by task, or, with `tasks` None, on the total alone."""

    tasks: tuple[int, ...] | None
    total: int
    reason: str


def read_clerical_error(rules: PaperRules, mark: Mark, body: object) -> ClericalError:
    """The correction a moderator sends for this mark; UnprocessableError when it cannot be one."""
    given = read_object(body)
    findings = Findings()
    tasks, total = _amended(rules, given, findings)
    if mark.code:
        findings.add("", _("An absent or carried forward candidate has no mark to correct."))
    reason = read_reason(given, findings, "reason")
    findings.refuse()
    return ClericalError(tasks, total, reason)


def _amended(
    rules: PaperRules, given: dict[str, object], findings: Findings
) -> tuple[tuple[int, ...] | None, int]:
    """The amended tasks (None when the total alone is amended) and the amended total."""
    names = [name for name in ("tasks", "total") if name in given]
    if len(names) != 1:
        pointers = [f"/{name}" for name in names] or [""]
        for pointer in pointers:
            findings.add(pointer, _("Exactly one of tasks and total must be given."))
        return None, 0
    if rules.maximum is None:
        findings.add(f"/{names[0]}", _("This paper is assessed by outcome, not by marks."))
        return None, 0
    if "total" in given:
        return None, _total(rules.maximum, given["total"], findings)
    tasks = _tasks(rules, given["tasks"], findings)
    return tasks, sum(tasks)


def _tasks(rules: PaperRules, items: object, findings: Findings) -> tuple[int, ...]:
    if not isinstance(items, list):
        findings.add("/tasks", _("Tasks must be a list with one item per task."))
        return ()
    marks = read_tasks(rules, items, findings, every=True)
    return tuple(mark for mark in marks if mark is not None)


def _total(maximum: int, total: object, findings: Findings) -> int:
    if is_whole(total) and 0 <= total <= maximum:
        return total
    said = _("The total must be a whole number from 0 to %(max)s.", max=maximum)
    findings.add("/total", said)
    return 0
