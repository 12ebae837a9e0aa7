"""The whole story of a paper after its submission, from what marks and sampling know."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask import render_template

from services.gateway import service_paths
from services.gateway.calls import Json
from services.gateway.page import Drawn, Visit, page
from services.gateway.sheet_parts import SheetParts
from shared.i18n import gettext as _

NOTHING: Json = {"happenings": []}
NO_ERRORS: Json = {"clerical_errors": []}


@page("/centres/<centre_no>/papers/<paper_id>/timeline", access="signed-in")
def timeline(visit: Visit, centre_no: str, paper_id: str) -> Drawn:
    """What one of the two does not tell now is missing, and the page says so."""
    parts = SheetParts(visit.services, centre_no, paper_id)
    at = service_paths.sample(centre_no, paper_id) + "/timeline"
    of_sample = visit.services.part(at, absent=NOTHING)
    errors = visit.services.part(f"{parts.marks}/clerical-errors", absent=NO_ERRORS)
    told = [
        *(of_sample or NOTHING)["happenings"],
        *_corrections((errors or NO_ERRORS)["clerical_errors"]),
    ]
    return render_template(
        "timeline.html",
        centre_no=centre_no,
        paper=parts.paper(),
        happenings=sorted(told, key=lambda one: str(one["at"])),
        words=_words(),
        is_whole=of_sample is not None and errors is not None,
    )


def _corrections(errors: list[Json]) -> Iterator[Json]:
    for one in errors:
        change = f"{one['original']['total']} → {one['amended']['total']}"
        text = f"{change}: {one['reason']}"
        yield _happening("corrected", one["at"], one["by"], text, one["candidate_no"])
        done: Mapping[str, Any] | None = one["acknowledged"]
        if done:
            yield _happening("acknowledged", done["at"], done["by"], "", one["candidate_no"])


def _happening(what: str, at: str, by: str, text: str, candidate_no: str) -> Json:
    return {
        "what": what,
        "at": at,
        "by": by,
        "text": text,
        "candidates": [candidate_no],
        "due": None,
    }


def _words() -> dict[str, str]:
    """What happened, in words."""
    return {
        "submitted": _("The marks were submitted"),
        "generated": _("The sample was generated"),
        "grown": _("The sample grew after late entries"),
        "added": _("The centre added candidates to the sample"),
        "asked": _("The work of further candidates was asked for"),
        "corrected": _("A clerical error was recorded"),
        "acknowledged": _("The centre acknowledged a clerical error"),
        "completed": _("The moderation was completed"),
        "decided": _("The awarding body decided on the outcome"),
        "returned": _("The awarding body gave the outcome back to the moderator"),
    }
