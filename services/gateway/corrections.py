"""The form of a clerical error: what was typed, as the service of marks takes it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.gateway.calls import Json
from shared.i18n import gettext as _

WHOLE = re.compile(r"[0-9]{1,9}")
TASK = re.compile(r"/tasks/([0-9]+)")


@dataclass(frozen=True)
class Correction:
    """The fields of the form; an empty mark is left as it counts now."""

    tasks: Sequence[str]
    total: str
    reason: str

    @classmethod
    def typed(cls, form: Mapping[str, str], tasks: int) -> "Correction":
        return cls(
            tasks=[form.get(f"task-{number}", "").strip() for number in range(tasks)],
            total=form.get("total", "").strip(),
            reason=form.get("reason", ""),
        )

    @property
    def unclear(self) -> str:
        """Why the form does not say what the mark is to be; empty when it does."""
        if not any(self.tasks) and not self.total:
            return _("Type the amended mark of at least one task, or the amended total.")
        if any(self.tasks) and self.total:
            return _("Amend the tasks or only the total, not both.")
        return ""

    def body(self, candidate: Json) -> Json:
        """The request to marks; what is no whole number goes as it is, to be refused by name."""
        body = {"candidate_no": candidate["candidate_no"], "reason": self.reason}
        if self.total:
            return {**body, "total": _number(self.total)}
        counting = counting_tasks(candidate)
        tasks = [
            _number(text) if text else mark for text, mark in zip(self.tasks, counting, strict=True)
        ]
        return {**body, "tasks": tasks}


def counting_tasks(candidate: Json) -> Sequence[int | None]:
    """The marks of the tasks that count: amended where the moderator amended them by task."""
    error = candidate["clerical_error"]
    tasks: Sequence[int | None] | None = error["tasks"] if error else None
    return tasks or candidate["tasks"] or []


def by_field(errors: Mapping[str, str]) -> dict[str, str]:
    """What is wrong, by the name of the field; what belongs to none is under the empty name."""
    return {_field(pointer): detail for pointer, detail in errors.items()}


def _field(pointer: str) -> str:
    task = TASK.fullmatch(pointer)
    if task:
        return f"task-{task[1]}"
    return {"/tasks": "task-0", "/total": "total", "/reason": "reason"}.get(pointer, "")


def _number(text: str) -> int | str:
    return int(text) if WHOLE.fullmatch(text) else text
