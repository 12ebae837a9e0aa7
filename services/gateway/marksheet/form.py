"""The marksheet sent as a plain form, for who has no script: what is saved, and what is not."""

import json
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any

from services.gateway.client import Client
from services.gateway.marksheet.fields import Texts, change_of, fields_of, key_at, says_absent
from shared.errors import BadRequestError
from shared.i18n import gettext as _
from shared.slices import slices

# With each row the form sends, hidden, what the row was: its version and its texts.
WAS = "was-"
SURE = "sure-"
VERSION = "version"
# A batch keeps well below the largest body the service takes.
ROWS_AT_ONCE = 500


@dataclass(frozen=True)
class TypedRow:
    """The row of a candidate as it was sent; `sure` that an absent one is absent."""

    candidate_no: str
    version: int
    was: Texts
    texts: Texts
    sure: bool

    @property
    def changed(self) -> bool:
        return any(text != self.was[key] for key, text in self.texts.items())

    @property
    def unconfirmed(self) -> bool:
        """Whether it says anew that the candidate is absent, and nobody has confirmed it."""
        return says_absent(self.texts) and not says_absent(self.was) and not self.sure

    @property
    def change(self) -> dict[str, Any]:
        named = {"candidate_no": self.candidate_no, VERSION: self.version}
        return change_of(self.texts, self.was) | named


@dataclass(frozen=True)
class Refusal:
    """A row that was not saved: what was typed, and what is wrong by field.

    `asks` whether the candidate is absent; `conflict` says that somebody else was quicker.
    """

    typed: Texts
    messages: Mapping[str, str]
    asks: bool = False
    conflict: bool = False


@dataclass
class Saved:
    """What became of a form: how many rows were saved, and which were not."""

    count: int = 0
    refused: dict[str, Refusal] = field(default_factory=dict)


def kept(version: int, texts: Texts) -> str:
    """What a row is now, for the form to send back."""
    return json.dumps({VERSION: version, **texts})


def typed_rows(form: Mapping[str, str], paper: Mapping[str, Any]) -> Iterator[TypedRow]:
    """Every row of the form; BadRequestError for one that the page of this paper did not make."""
    keys = {VERSION, *(one.key for one in fields_of(paper))}
    for name, value in form.items():
        if name.startswith(WAS):
            yield _typed_row(name.removeprefix(WAS), _read(value, keys), form)


def _typed_row(candidate_no: str, was: dict[str, Any], form: Mapping[str, str]) -> TypedRow:
    version = was.pop(VERSION)
    texts = {key: form.get(f"{key}-{candidate_no}", text).strip() for key, text in was.items()}
    return TypedRow(candidate_no, version, was, texts, sure=f"{SURE}{candidate_no}" in form)


def _read(kept_: str, keys: AbstractSet[str]) -> dict[str, Any]:
    try:
        was = json.loads(kept_)
    except (ValueError, RecursionError):
        was = None
    if not isinstance(was, dict) or was.keys() != keys:
        raise BadRequestError(_("This is no marksheet. Load the page again."))
    return {key: value if key == VERSION else str(value) for key, value in was.items()}


def save(services: Client, marksheet: str, rows: Sequence[TypedRow]) -> Saved:
    """Save the rows that were changed, at the address of the marksheet service's own sheet."""
    saved = Saved()
    sent: dict[str, TypedRow] = {}
    for row in rows:
        if row.changed and row.unconfirmed:
            saved.refused[row.candidate_no] = _to_confirm(row)
        elif row.changed:
            sent[row.candidate_no] = row
    changes = [row.change for row in sent.values()]
    for some in slices(changes, ROWS_AT_ONCE):
        answer = services.send("PATCH", marksheet, {"candidates": some})
        if not answer.ok:
            raise answer.problem()
        saved.count += len(answer.body["saved"])
        for refused in answer.body["refused"]:
            row = sent[refused["candidate_no"]]
            saved.refused[row.candidate_no] = _refusal(row, refused)
    return saved


def _to_confirm(row: TypedRow) -> Refusal:
    absent = next(key for key, text in row.texts.items() if says_absent({key: text}))
    message = _("Confirm below that this candidate is absent, and save again.")
    return Refusal(row.texts, {absent: message}, asks=True)


def _refusal(row: TypedRow, refused: Mapping[str, Any]) -> Refusal:
    errors = refused.get("errors") or [{"pointer": "", "detail": refused["detail"]}]
    messages = {key_at(error["pointer"], row.texts): error["detail"] for error in errors}
    return Refusal(row.texts, messages, conflict="current" in refused)
