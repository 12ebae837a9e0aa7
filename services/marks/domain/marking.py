"""A candidate's mark: what may be put in it, its total, and whether it is complete."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, Self

from services.marks.domain.json_values import is_whole, read_object
from services.marks.domain.paper import PaperRules, Task
from services.marks.domain.text import read_initials
from shared.findings import Findings, InvalidValueError
from shared.i18n import gettext as _
from shared.i18n import ngettext

Code = Literal["A", "CF"]
ABSENT: Final = "A"
CARRY_FORWARD: Final = "CF"
_TYPED_CODES: dict[str, Code] = {"A": ABSENT, "C": CARRY_FORWARD, "CF": CARRY_FORWARD}
_VALUES = ("tasks", "code", "outcome", "clear")


@dataclass(frozen=True)
class Mark:
    """What a centre says of one candidate.

    On a paper assessed by marks `tasks` has one item per task, None where not yet marked; on one
    assessed by outcome it is None. A code stands for the whole candidate.
    """

    tasks: tuple[int | None, ...] | None = None
    code: Code | None = None
    outcome: str | None = None
    initials: str = ""

    @classmethod
    def blank(cls, rules: PaperRules, initials: str = "") -> Self:
        tasks = None if rules.tasks is None else (None,) * len(rules.tasks)
        return cls(tasks=tasks, initials=initials)

    @property
    def total(self) -> int | None:
        """The sum of the tasks; None unless every task is marked."""
        marked = [task for task in self.tasks or () if task is not None]
        return sum(marked) if self.tasks and len(marked) == len(self.tasks) else None

    @property
    def started(self) -> bool:
        """Whether anything but initials has been put in."""
        return bool(self.code or self.outcome) or any(t is not None for t in self.tasks or ())


@dataclass(frozen=True)
class Change:
    """A change of one candidate's mark as a client sends it: at most one of the four values.

    `tasks` are still as sent: only the paper can say what each may be. `initials` None keeps
    those that are there, and `version` None overwrites whatever is there.
    """

    tasks: tuple[object, ...] | None = None
    code: str | None = None
    outcome: str | None = None
    clear: bool = False
    initials: str | None = None
    version: int | None = None

    @classmethod
    def from_json(cls, body: object) -> Self:
        """Read the body of a PUT, or one row of a batch; UnprocessableError when malformed.

        Exactly one value must be there: initials alone are no change. Null members count as
        absent, members that are not known are ignored.
        """
        given = read_object(body)
        findings = Findings()
        _check_one_value(given, findings)
        tasks = given.get("tasks")
        if tasks is not None and not isinstance(tasks, list):
            findings.add("/tasks", _("Tasks must be a list with one item per task."))
        if given.get("clear", True) is not True:
            findings.add("/clear", _("Clear can only be true."))
        change = cls(
            tasks=tuple(tasks) if isinstance(tasks, list) else None,
            code=_read_string(given, "code", findings),
            outcome=_read_string(given, "outcome", findings),
            clear="clear" in given,
            initials=_read_string(given, "initials", findings),
            version=_read_version(given, findings),
        )
        findings.refuse()
        return change


def apply(rules: PaperRules, current: Mark, change: Change) -> Mark:
    """The mark after the change; UnprocessableError naming every field that breaks a rule."""
    findings = Findings()
    initials = current.initials
    if change.initials is not None:
        initials = _initials(change.initials, findings)
    if change.tasks is not None:
        mark = Mark(tasks=read_tasks(rules, change.tasks, findings), initials=initials)
    elif change.code is not None:
        tasks = Mark.blank(rules).tasks
        mark = Mark(tasks=tasks, code=_code(rules, change.code, findings), initials=initials)
    elif change.outcome is not None:
        mark = Mark(outcome=_outcome(rules, change.outcome, findings), initials=initials)
    elif change.clear:
        mark = Mark.blank(rules, initials)
    else:
        mark = replace(current, initials=initials)
    findings.refuse()
    return mark


def missing(rules: PaperRules, mark: Mark) -> list[str]:
    """What the candidate still lacks to be complete, in the user's words; empty when complete.

    A code needs nothing else, not even initials.
    """
    if mark.code:
        return []
    lacks = [
        task.name
        for task, given in zip(rules.named_tasks, mark.tasks or (), strict=True)
        if given is None
    ]
    if rules.outcomes is not None and mark.outcome is None:
        lacks.append(_("Outcome"))
    if lacks_initials(rules, mark):
        lacks.append(_("Teacher initials"))
    return lacks


def lacks_initials(rules: PaperRules, mark: Mark) -> bool:
    """Whether the paper wants a teacher's initials that the mark has not; a code needs none."""
    return rules.initials_required and not mark.code and not mark.initials


def complete(rules: PaperRules, mark: Mark) -> bool:
    """Whether this candidate may be submitted."""
    return not missing(rules, mark)


def read_tasks(
    rules: PaperRules, items: Sequence[object], findings: Findings, *, every: bool = False
) -> tuple[int | None, ...]:
    """The marks of the tasks as whole numbers, or None where not yet marked (unless `every`)."""
    if rules.tasks is None:
        findings.add("/tasks", _("This paper is assessed by outcome, not by marks."))
        return ()
    count = len(rules.tasks)
    if len(items) != count:
        said = ngettext("This paper has %(num)s task.", "This paper has %(num)s tasks.", count)
        findings.add("/tasks", said + " " + _("Send one mark for each."))
        return ()
    return tuple(
        _task_mark(f"/tasks/{number}", task, item, findings, every=every)
        for number, (task, item) in enumerate(zip(rules.named_tasks, items, strict=True))
    )


def _task_mark(
    pointer: str, task: Task, item: object, findings: Findings, *, every: bool
) -> int | None:
    if item is None and not every:
        return None
    if is_whole(item) and 0 <= item <= task.max:
        return item
    findings.add(
        pointer,
        _("%(task)s must be a whole number from 0 to %(max)s.", task=task.name, max=task.max),
    )
    return None


def _code(rules: PaperRules, typed: str, findings: Findings) -> Code | None:
    code = _TYPED_CODES.get(typed.strip().upper())
    if code == CARRY_FORWARD and not rules.linear:
        findings.add("/code", _("Marks cannot be carried forward on this paper."))
        return None
    if code is None:
        known = _("A (absent) or CF (carry forward)") if rules.linear else _("A (absent)")
        findings.add("/code", _("The code must be %(codes)s.", codes=known))
    return code


def _outcome(rules: PaperRules, typed: str, findings: Findings) -> str | None:
    if rules.outcomes is None:
        findings.add("/outcome", _("This paper is assessed by marks, not by outcome."))
        return None
    outcome = rules.outcome_named(typed)
    if outcome is None:
        names = ", ".join(rules.all_outcomes)
        findings.add("/outcome", _("The outcome must be one of: %(names)s.", names=names))
    return outcome


def _initials(typed: str, findings: Findings) -> str:
    try:
        return read_initials(typed)
    except InvalidValueError as invalid:
        findings.add("/initials", str(invalid))
        return ""


def _check_one_value(given: dict[str, object], findings: Findings) -> None:
    values = [name for name in _VALUES if name in given]
    if not values:
        findings.add("", _("One of tasks, code, outcome and clear must be given."))
    if len(values) > 1:
        for name in values:
            findings.add(f"/{name}", _("Only one of tasks, code, outcome and clear may be given."))


def _read_string(given: dict[str, object], name: str, findings: Findings) -> str | None:
    value = given.get(name)
    if value is None or isinstance(value, str):
        return value
    findings.add(f"/{name}", _("%(name)s must be a text.", name=name))
    return None


def _read_version(given: dict[str, object], findings: Findings) -> int | None:
    version = given.get("version")
    if version is None or (is_whole(version) and version >= 0):
        return version
    findings.add("/version", _("The version must be a whole number, 0 or more."))
    return None
