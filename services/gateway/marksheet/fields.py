"""The cells of a candidate's row, and what is typed in them.

A row is a text for each field: a mark or a code in the cell of a task, or an outcome and a code,
and the teacher's initials where the paper requires them. `static/marksheet/values.js` is the same
for who has script.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.i18n import gettext as _

Texts = Mapping[str, str]

CODES = {"A": "A", "C": "CF", "CF": "CF"}
ABSENT = "A"
WHOLE = re.compile("[0-9]{1,9}")
OUTCOME, CODE, INITIALS = "outcome", "code", "initials"


@dataclass(frozen=True)
class Field:
    """A column that can be filled in: a task (`max` is its highest mark), or one of the others."""

    key: str
    label: str
    max: int | None = None
    options: Sequence[str] = ()


def fields_of(paper: Mapping[str, Any]) -> list[Field]:
    """The fields of a paper, in the order of the columns."""
    fields = _outcome_fields(paper) if paper["tasks"] is None else _task_fields(paper["tasks"])
    if paper["initials_required"]:
        fields.append(Field(INITIALS, _("Teacher Initials")))
    return fields


def _task_fields(tasks: Sequence[Mapping[str, Any]]) -> list[Field]:
    names = [task["name"] for task in tasks] if len(tasks) > 1 else [_("Mark")]
    return [
        Field(f"t{number}", _("%(task)s (Max: %(max)s)", task=name, max=task["max"]), task["max"])
        for number, (name, task) in enumerate(zip(names, tasks, strict=True))
    ]


def _outcome_fields(paper: Mapping[str, Any]) -> list[Field]:
    codes = [ABSENT, "CF"] if paper["linear"] else [ABSENT]
    outcomes = list(paper["outcomes"])
    if paper["not_classified"].casefold() not in {outcome.casefold() for outcome in outcomes}:
        outcomes.append(paper["not_classified"])
    return [
        Field(OUTCOME, _("Outcome"), options=outcomes),
        Field(CODE, _("Code"), options=codes),
    ]


def cell_of(paper: Mapping[str, Any], what: str = "") -> str:
    """The field that something said of a candidate is about; where that is unclear, the first."""
    if what == _("Teacher initials"):
        return INITIALS
    named = {task["name"]: f"t{number}" for number, task in enumerate(paper["tasks"] or ())}
    return named.get(what, "t0" if named else OUTCOME)


def texts_of(fields: Sequence[Field], candidate: Mapping[str, Any]) -> dict[str, str]:
    """What a candidate's row shows; a code stands in the first cell."""
    code = candidate["code"] or ""
    texts = {OUTCOME: candidate["outcome"] or "", CODE: code, INITIALS: candidate["initials"]}
    for number, mark in enumerate(candidate["tasks"] or ()):
        texts[f"t{number}"] = "" if mark is None else str(mark)
    if code:
        texts["t0"] = code
    return {field.key: texts[field.key] for field in fields}


def is_task(key: str) -> bool:
    return key.startswith("t")


def code_of(text: str) -> str:
    """The code that was typed, or nothing."""
    return CODES.get(text.strip().upper(), "")


def says_absent(texts: Texts) -> bool:
    """Whether the row now says that the candidate is absent."""
    return any(code_of(text) == ABSENT for key, text in texts.items() if _holds_code(key))


def _holds_code(key: str) -> bool:
    return is_task(key) or key == CODE


def settled(texts: Texts, was: Texts) -> dict[str, str]:
    """The row without what the newly typed replaces: a code stands for the whole candidate.

    So a code drops the marks that were there, and a mark or an outcome drops the code.
    """
    value = {key: text for key, text in texts.items() if key != INITIALS}
    typed = [key for key, text in value.items() if text and text != was[key]]
    coded = {_is_code(key, texts[key]) for key in typed}
    if len(coded) != 1:
        return dict(texts)
    dropped = {key for key in value if key not in typed and _is_code(key, texts[key]) not in coded}
    return {key: "" if key in dropped else text for key, text in texts.items()}


def _is_code(key: str, text: str) -> bool:
    return _holds_code(key) and code_of(text) != ""


def change_of(texts: Texts, was: Texts) -> dict[str, Any]:
    """The change of a mark that the row asks for, as the marks service takes it.

    What is no whole number goes as the text it is: the service says what is wrong with it.
    """
    texts = settled(texts, was)
    change = _outcome_change(texts) if OUTCOME in texts else _tasks_change(texts)
    if INITIALS in texts:
        change[INITIALS] = texts[INITIALS]
    return change


def _outcome_change(texts: Texts) -> dict[str, Any]:
    given = {name: texts[name] for name in (OUTCOME, CODE) if texts[name]}
    return dict(given) or {"clear": True}


def _tasks_change(texts: Texts) -> dict[str, Any]:
    tasks = [text.strip() for key, text in texts.items() if is_task(key)]
    given = [text for text in tasks if text]
    codes = {code_of(text) for text in given}
    if not given:
        return {"clear": True}
    if len(codes) == 1 and "" not in codes:
        return {"code": codes.pop()}
    return {"tasks": [_mark(text) for text in tasks]}


def _mark(text: str) -> int | str | None:
    return int(text) if WHOLE.fullmatch(text) else text or None


def key_at(pointer: str, texts: Texts) -> str:
    """The field that a refusal speaks of; where it names none, the first one."""
    part = pointer.split("/")[1:]
    if part[:1] == ["tasks"] and len(part) > 1 and f"t{part[1]}" in texts:
        return f"t{part[1]}"
    if part and part[0] in texts:
        return part[0]
    coded = [key for key, text in texts.items() if _is_code(key, text)]
    return coded[0] if part == ["code"] and coded else next(iter(texts))
