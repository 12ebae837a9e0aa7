"""The moderator's own mark of a candidate, as a client sends it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from services.sampling.domain.moderation import Judged
from shared.errors import FieldError, UnprocessableError
from shared.i18n import gettext as _
from shared.storable import is_storable

VALUES = ("tasks", "total", "outcome", "clear")
LONGEST_COMMENT = 1000


@dataclass(frozen=True)
class Assessed:
    """How a paper is assessed: the maximum of each task, or its outcomes."""

    maxima: Sequence[int]
    outcomes: Sequence[str]

    @property
    def maximum(self) -> int:
        return sum(self.maxima)


@dataclass(frozen=True)
class ModeratorMark:
    """By task (None where not yet marked), or the total alone, or an outcome; and a comment."""

    tasks: tuple[int | None, ...] | None = None
    total: int | None = None
    outcome: str | None = None
    comment: str = ""

    @property
    def judged(self) -> Judged:
        return Judged(self.total, self.outcome)


def read_version(row: dict[str, Any]) -> int | None:
    """The version a row was made from; None overwrites."""
    version = row.get("version")
    if version is None or _is_whole(version):
        return version
    raise _refusal("/version", _("The version must be a whole number, 0 or more."))


def read_mark(assessed: Assessed, row: dict[str, Any], comment: str) -> ModeratorMark:
    """Exactly one of tasks, total, outcome and clear; `comment` stays where none is sent."""
    given = {name: row[name] for name in VALUES if row.get(name) is not None}
    if len(given) != 1:
        raise _refusal("", _("Exactly one of tasks, total, outcome and clear must be given."))
    ((name, value),) = given.items()
    said = _comment(row.get("comment"), comment)
    if name == "clear":
        return _cleared(value)
    if name == "outcome":
        return ModeratorMark(outcome=_outcome(assessed, value), comment=said)
    if not assessed.maxima:
        raise _refusal(f"/{name}", _("This paper is assessed by outcome, not by marks."))
    if name == "total":
        return ModeratorMark(total=_mark("/total", value, assessed.maximum), comment=said)
    tasks = _tasks(assessed, value)
    marked = [task for task in tasks if task is not None]
    total = sum(marked) if len(marked) == len(tasks) else None
    return ModeratorMark(tasks=tasks, total=total, comment=said)


def _cleared(value: object) -> ModeratorMark:
    if value is not True:
        raise _refusal("/clear", _("Clear can only be true."))
    return ModeratorMark()


def _outcome(assessed: Assessed, value: object) -> str:
    if not assessed.outcomes:
        raise _refusal("/outcome", _("This paper is assessed by marks, not by outcome."))
    if value not in assessed.outcomes:
        names = ", ".join(assessed.outcomes)
        raise _refusal("/outcome", _("The outcome must be one of: %(names)s.", names=names))
    return str(value)


def _tasks(assessed: Assessed, value: object) -> tuple[int | None, ...]:
    if not isinstance(value, list) or len(value) != len(assessed.maxima):
        raise _refusal("/tasks", _("Tasks must be a list with one item per task."))
    places = enumerate(zip(value, assessed.maxima, strict=True))
    return tuple(
        None if item is None else _mark(f"/tasks/{place}", item, maximum)
        for place, (item, maximum) in places
    )


def _mark(pointer: str, value: object, maximum: int) -> int:
    if _is_whole(value) and isinstance(value, int) and value <= maximum:
        return value
    raise _refusal(pointer, _("This must be a whole number from 0 to %(max)s.", max=maximum))


def _comment(value: object, before: str) -> str:
    if value is None:
        return before
    fits = isinstance(value, str) and len(value) <= LONGEST_COMMENT and is_storable(value)
    if not fits:
        said = _("A comment is text of at most %(max)s characters.", max=LONGEST_COMMENT)
        raise _refusal("/comment", said)
    return str(value).strip()


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _refusal(pointer: str, said: str) -> UnprocessableError:
    return UnprocessableError(said, errors=[FieldError(pointer, said)])
