"""The sample as its page shows it: who is in it and why, from what sampling and marks know."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.gateway.calls import Json
from shared.i18n import gettext as _


@dataclass(frozen=True)
class Sampled:
    """A candidate of the sample.

    Without marks there is no `candidate` (their line of the marksheet); without sampling the
    marksheet's own ticks are shown, and `files` is not known.
    """

    candidate_no: str
    candidate: Json | None
    chosen_by: str
    reason: str
    at: str = ""
    due: str = ""
    note: str = ""
    files: int | None = None

    @property
    def name(self) -> str:
        return str(self.candidate["name"]) if self.candidate else ""

    @property
    def withdrawn(self) -> bool:
        """Whether the entry was withdrawn after the sample was made."""
        return bool(self.candidate and self.candidate.get("withdrawn"))

    @property
    def lacks_files(self) -> bool:
        """Whether files are awaited: of whoever was withdrawn none are."""
        return self.files == 0 and not self.withdrawn

    @property
    def chosen(self) -> str:
        """Who chose the candidate, in words."""
        return _chooser(self.chosen_by)


def sampled(sample: Json | None, sheet: Json | None) -> list[Sampled]:
    """The candidates in the order of their numbers; either part may be missing."""
    known = candidates_of(sheet)
    if sample is None:
        return [
            Sampled(number, one, one["sample"]["chosen_by"], one["sample"]["reason"])
            for number, one in sorted(known.items())
            if one["sample"]
        ]
    return [
        Sampled(
            candidate_no=one["candidate_no"],
            candidate=known.get(one["candidate_no"]),
            chosen_by=one["chosen_by"],
            reason=one["reason"],
            at=one["at"],
            due=one.get("due") or "",
            note=one.get("note") or "",
            files=one.get("files"),
        )
        for one in sample["candidates"]
    ]


@dataclass(frozen=True)
class NotEligible:
    """Who could not be chosen for one `reason`: number and name, empty where it is not known."""

    reason: str
    candidates: Sequence[tuple[str, str]]

    @property
    def count(self) -> int:
        return len(self.candidates)


def not_eligible(sample: Json | None, sheet: Json | None) -> list[NotEligible]:
    """Who could not be chosen, by reason; nobody where sampling does not tell."""
    known = candidates_of(sheet)
    by_reason: dict[str, list[tuple[str, str]]] = {}
    for one in (sample or {}).get("not_eligible", []):
        number = one["candidate_no"]
        name = known[number]["name"] if number in known else ""
        by_reason.setdefault(one["reason"], []).append((number, name))
    return [NotEligible(reason, who) for reason, who in by_reason.items()]


def candidates_of(sheet: Json | None) -> Mapping[str, Json]:
    """The lines of a marksheet by candidate number."""
    return {one["candidate_no"]: one for one in sheet["candidates"]} if sheet else {}


def _chooser(chosen_by: str) -> str:
    return {
        "system": _("System"),
        "centre": _("Centre"),
        "moderator": _("Moderator"),
        "board": _("Awarding body"),
    }.get(chosen_by, chosen_by)
