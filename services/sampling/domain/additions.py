"""Candidates added to a sample by people: the centre, the moderator or the board."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from shared.errors import FieldError
from shared.i18n import gettext as _


def refusals(
    asked: Sequence[str], codes: Mapping[str, str | None], sampled: AbstractSet[str]
) -> list[FieldError]:
    """Why these candidates cannot be added, each with its place in the list `/candidate_nos`.

    `codes` has every submitted candidate of the sheet; one with a code has no work to send.
    """
    found: list[FieldError] = []
    named: set[str] = set()
    for place, candidate_no in enumerate(asked):
        detail = _refusal(candidate_no, codes, sampled)
        if candidate_no in named:
            detail = _("Candidate %(candidate_no)s is named twice.", candidate_no=candidate_no)
        named.add(candidate_no)
        if detail:
            found.append(FieldError(f"/candidate_nos/{place}", detail))
    return found


def _refusal(
    candidate_no: str, codes: Mapping[str, str | None], sampled: AbstractSet[str]
) -> str | None:
    if candidate_no in sampled:
        return _("Candidate %(candidate_no)s is in the sample already.", candidate_no=candidate_no)
    if candidate_no not in codes:
        return _("No candidate %(candidate_no)s was submitted.", candidate_no=candidate_no)
    code = codes[candidate_no]
    if code:
        return _(
            "Candidate %(candidate_no)s has code %(code)s: there is no work to send.",
            candidate_no=candidate_no,
            code=code,
        )
    return None
