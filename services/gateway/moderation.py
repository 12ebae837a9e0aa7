"""The moderator's workspace as its page draws it, and what its form sends."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.gateway.calls import Answer, Json
from shared.i18n import gettext as _

WHOLE = re.compile(r"[0-9]{1,6}")
COMMENT = "comment"
OUTCOME = "outcome"


@dataclass(frozen=True)
class Column:
    """A box for each candidate: a task, or the outcome; `options` are what may be chosen."""

    key: str
    label: str
    maximum: int | None = None
    options: Sequence[str] = ()


@dataclass(frozen=True)
class Line:
    """A sampled candidate: what stands in the boxes, and why a save was refused."""

    one: Json
    name: str
    texts: Mapping[str, str]
    kept: str
    message: str = ""

    @property
    def number(self) -> str:
        return str(self.one["candidate_no"])

    @property
    def version(self) -> int:
        moderator = self.one["moderator"]
        return int(moderator["version"]) if moderator else 0

    @property
    def total(self) -> int | None:
        moderator: Json | None = self.one["moderator"]
        return moderator["total"] if moderator else None

    @property
    def difference(self) -> str:
        """With its sign, for it says who gave more."""
        difference = self.one["difference"]
        return "" if difference is None else f"{difference:+d}"

    @property
    def can_be_marked(self) -> bool:
        """Whoever is absent, carried forward or withdrawn has no work in the sample."""
        one = self.one
        has_mark = one["total"] is not None or one["outcome"] is not None
        return bool(one["hidden"] or has_mark)


@dataclass(frozen=True)
class Workspace:
    """The whole of it; `may_mark` where the boxes are open."""

    moderation: Json
    columns: Sequence[Column]
    lines: Sequence[Line]
    may_mark: bool

    @property
    def outside(self) -> list[Line]:
        return [line for line in self.lines if line.one["within"] is False]


def columns_of(moderation: Json) -> list[Column]:
    if moderation["outcomes"]:
        return [Column(OUTCOME, _("Outcome"), options=moderation["outcomes"])]
    tasks = moderation["tasks"] or []
    one_only = len(tasks) == 1
    return [
        Column(f"task-{place}", _("Mark") if one_only else task["name"], task["max"])
        for place, task in enumerate(tasks)
    ]


def workspace(
    moderation: Json,
    names: Mapping[str, str],
    *,
    may_mark: bool,
    typed: Mapping[str, Mapping[str, str]] | None = None,
    messages: Mapping[str, str] | None = None,
) -> Workspace:
    """`typed` and `messages` are, by candidate, what a refused save has left."""
    columns = columns_of(moderation)
    lines = []
    for one in moderation["candidates"]:
        number = one["candidate_no"]
        stored = texts_of(columns, one["moderator"])
        texts = (typed or {}).get(number, stored)
        message = (messages or {}).get(number, "")
        lines.append(Line(one, names.get(number, ""), texts, kept(stored), message))
    is_open = may_mark and moderation["state"] == "open"
    return Workspace(moderation, columns, lines, is_open)


def texts_of(columns: Sequence[Column], mark: Json | None) -> dict[str, str]:
    """What stands in each box for a mark of the moderator's."""
    if mark is None:
        return {column.key: "" for column in columns} | {COMMENT: ""}
    values: list[Any] = [mark["outcome"]] if columns[0].options else _tasks(columns, mark)
    shown = {
        column.key: "" if value is None else str(value)
        for column, value in zip(columns, values, strict=True)
    }
    return shown | {COMMENT: mark["comment"]}


def _tasks(columns: Sequence[Column], mark: Json) -> list[Any]:
    """Of a mark given as a total alone, the one box there may be."""
    if mark["tasks"] is not None:
        return list(mark["tasks"])
    return [mark["total"]] if len(columns) == 1 else [None] * len(columns)


def kept(texts: Mapping[str, str]) -> str:
    """What the page was drawn from, to see what was typed since."""
    return "\n".join(texts.values())


@dataclass(frozen=True)
class Typed:
    """What the form has of each candidate whose boxes were changed."""

    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, form: Mapping[str, str], columns: Sequence[Column]) -> "Typed":
        keys = [column.key for column in columns] + [COMMENT]
        numbers = [name.removeprefix("was-") for name in form if name.startswith("was-")]
        texts = {
            number: {key: form.get(f"{key}-{number}", "").strip() for key in keys}
            for number in numbers
        }
        changed = {
            number: typed
            for number, typed in texts.items()
            if kept(typed) != form[f"was-{number}"].replace("\r\n", "\n")
        }
        versions = {number: form.get(f"version-{number}", "") for number in changed}
        return cls(changed, versions)

    def rows(self, columns: Sequence[Column]) -> list[Json]:
        """As sampling takes them; what is no whole number goes as it is, to be refused by name."""
        return [self._row(number, texts, columns) for number, texts in self.texts.items()]

    def _row(self, number: str, texts: Mapping[str, str], columns: Sequence[Column]) -> Json:
        row: Json = {"candidate_no": number, "comment": texts[COMMENT]}
        version = self.versions[number]
        if WHOLE.fullmatch(version):
            row["version"] = int(version)
        if columns[0].options:
            return row | ({"outcome": texts[OUTCOME]} if texts[OUTCOME] else {"clear": True})
        return row | {"tasks": [_number(texts[column.key]) for column in columns]}


def _number(text: str) -> int | str | None:
    if not text:
        return None
    return int(text) if WHOLE.fullmatch(text) else text


def refused_by_candidate(answer: Answer) -> dict[str, str]:
    """Why rows were refused; after a conflict, what stands now is said."""
    return {
        one["candidate_no"]: _said(one) for one in answer.body["refused"] if one["candidate_no"]
    }


def _said(one: Json) -> str:
    current = one.get("current")
    if not current:
        return str(one["detail"])
    stored = current["outcome"] or current["total"] or current["tasks"]
    return str(one["detail"]) + " " + _("Stored: %(text)s", text=stored)
