"""Changing a paper of the catalogue: what may change when, and what to look at before it opens."""

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from datetime import date
from typing import Any

from services.marks.domain.new_paper import tidied
from services.marks.domain.paper import NewPaper, PaperRules
from shared.errors import FieldError
from shared.i18n import gettext as _

RULES = tuple(field.name for field in fields(PaperRules))
# Entries name the code and the qualification, and marks are made by the rules.
FIXED_BY_ENTRIES = ("code", "qualification", *RULES)


def changed(paper: NewPaper, changes: Mapping[str, Any]) -> NewPaper:
    """The paper with these changes, by the names of its members and of its rules."""
    rules = {name: value for name, value in changes.items() if name in RULES}
    if rules.get("tasks") is not None:
        rules.setdefault("outcomes", None)
    elif rules.get("outcomes") is not None:
        rules.setdefault("tasks", None)
    others = {name: value for name, value in changes.items() if name not in RULES}
    return tidied(replace(paper, rules=replace(paper.rules, **rules), **others))


def fixed(before: NewPaper, after: NewPaper) -> list[FieldError]:
    """What differs and may not, once a centre has entries."""
    said = _("Cannot change any more: centres have entries for this paper.")
    return [
        FieldError(f"/{name}", said)
        for name in FIXED_BY_ENTRIES
        if _of(before, name) != _of(after, name)
    ]


def _of(paper: NewPaper, name: str) -> object:
    return getattr(paper.rules if name in RULES else paper, name)


def to_look_at(paper: NewPaper, linked: Iterable[NewPaper], today: date) -> list[FieldError]:
    """What may be wrong with a paper that is about to open: pointed out, and never refused."""
    found: list[FieldError] = []
    results_day = paper.results_day.date()
    for name, odd, said in (
        ("marks_deadline", paper.marks_deadline < today, _("This day has passed.")),
        (
            "evidence_until",
            paper.upload != "none" and paper.evidence_until < paper.sample_deadline,
            _("Evidence can be uploaded no longer before the deadline for samples has passed."),
        ),
        (
            "results_day",
            results_day <= paper.sample_deadline,
            _("Results are out before the deadline for samples has passed."),
        ),
        (
            "evidence_pieces",
            paper.upload == "candidate" and not paper.evidence_pieces,
            _("Nothing says which pieces of work each candidate is to upload."),
        ),
        (
            "linked",
            any(other.series != paper.series for other in linked),
            _("A linked paper is of another series: the sample of one waits for the other."),
        ),
    ):
        if odd:
            found.append(FieldError(f"/{name}", said))
    return found
