"""The sample of a paper, with why each candidate is in it and who still lacks evidence."""

from flask import render_template

from services.gateway.calls import Json
from services.gateway.evidence import NO_FILES
from services.gateway.page import Drawn, Visit, page
from services.gateway.sample import not_eligible, sampled
from services.gateway.service_paths import GROUP
from services.gateway.sheet_parts import SheetParts


@page("/centres/<centre_no>/papers/<paper_id>/sample", access="signed-in")
def sample(visit: Visit, centre_no: str, paper_id: str) -> Drawn:
    parts = SheetParts(visit.services, centre_no, paper_id)
    paper, found = parts.paper(), parts.sample()
    # The names of who is out are on the whole marksheet alone.
    sheet = parts.everybody() if not_eligible(found, None) else parts.sampled()
    rows = sampled(found, sheet)
    uploads = paper is not None and paper["upload"] == "candidate"

    replaces = visit.user.works_for_centre
    gone = [row.candidate_no for row in rows if replaces and row.withdrawn]
    return render_template(
        "sample.html",
        centre_no=centre_no,
        paper_id=paper_id,
        paper=paper,
        sample=found,
        awaited=parts.awaited(paper, found),
        rows=rows,
        out=not_eligible(found, sheet),
        notes=found["notes"] if found else [],
        shows_files=uploads and found is not None,
        nearest={one: parts.nearest(one) for one in gone},
        lacking=[row.candidate_no for row in rows if uploads and row.lacks_files],
        group_lacks=_group_lacks(parts, paper),
    )


def _group_lacks(parts: SheetParts, paper: Json | None) -> bool:
    """Whether files of the whole group are awaited of the reader, who may be for some sets only."""
    if not paper or paper["upload"] != GROUP or paper.get("only_some_sets"):
        return False
    return bool((parts.files() or NO_FILES)["group_lacks"])
