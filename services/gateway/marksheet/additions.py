"""Candidates a centre adds to the sample, as its form sends them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

from werkzeug.datastructures import MultiDict

from services.gateway.calls import Answer
from shared.i18n import gettext as _

NOTE = "note"
TABLE = "marks"


@dataclass(frozen=True)
class Addition:
    """The candidates ticked and the note; what is wrong, by the id of the element to look at."""

    candidate_nos: Sequence[str] = ()
    note: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, form: MultiDict[str, str]) -> Self:
        return cls(form.getlist("add"), form.get(NOTE, "").strip())

    @property
    def body(self) -> dict[str, Any]:
        """As sampling takes it."""
        return {"candidate_nos": self.candidate_nos, NOTE: self.note}

    def checked(self) -> Self:
        """With what is still to be filled in as its errors."""
        errors = {}
        if not self.candidate_nos:
            errors[TABLE] = _("Tick the candidates to be added to the sample.")
        if not self.note:
            errors[NOTE] = _("Write an explanatory note to the moderator.")
        return replace(self, errors=errors)

    def refused(self, answer: Answer) -> Self:
        """With sampling's reasons as its errors."""
        found = answer.errors or {"": answer.detail}
        return replace(self, errors={self._place(at): detail for at, detail in found.items()})

    def _place(self, pointer: str) -> str:
        index = pointer.removeprefix("/candidate_nos/")
        if index.isdigit() and int(index) < len(self.candidate_nos):
            return f"add-{self.candidate_nos[int(index)]}"
        return NOTE
