"""Submission: what a centre declares, and what still keeps it from submitting."""

from collections.abc import Iterable
from dataclasses import dataclass

from services.marks.domain.json_values import read_object
from services.marks.domain.marking import Mark, missing
from services.marks.domain.paper import PaperRules
from shared.errors import ConflictError
from shared.findings import Findings
from shared.i18n import gettext as _
from shared.i18n import ngettext

DECLARATIONS = ("authenticated", "standardised", "candidates_informed")


@dataclass(frozen=True)
class Incomplete:
    """A candidate that cannot be submitted yet, and what is missing, in the user's words."""

    candidate_no: str
    name: str
    what: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        return {"candidate_no": self.candidate_no, "name": self.name, "what": list(self.what)}


def check_declarations(body: object) -> None:
    """UnprocessableError unless the centre declares, with a plain true, all that is asked."""
    declared = read_object(body).get("declarations")
    declarations = declared if isinstance(declared, dict) else {}
    findings = Findings()
    for name in DECLARATIONS:
        if declarations.get(name) is not True:
            findings.add(f"/declarations/{name}", _said(name))
    findings.refuse()


def checklist(rules: PaperRules, candidates: Iterable[tuple[str, str, Mark]]) -> list[Incomplete]:
    """Who is incomplete, of (candidate number, name, mark), in the order given."""
    return [
        Incomplete(candidate_no, name, tuple(what))
        for candidate_no, name, mark in candidates
        if (what := missing(rules, mark))
    ]


def require_complete(incomplete: list[Incomplete]) -> None:
    """ConflictError with all that is missing, unless nothing is."""
    if incomplete:
        raise ConflictError(
            ngettext(
                "%(num)s candidate is not complete.",
                "%(num)s candidates are not complete.",
                len(incomplete),
            ),
            slug="incomplete",
            extra={"missing": [candidate.as_json() for candidate in incomplete]},
        )


def _said(name: str) -> str:
    return {
        "authenticated": _("Declare that the work is authenticated."),
        "standardised": _("Declare that internal standardisation is done."),
        "candidates_informed": _("Declare that candidates have been told their marks."),
    }[name]
