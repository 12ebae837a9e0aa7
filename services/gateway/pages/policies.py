"""For board staff: what a sampling policy chooses, of typed marks or of a submitted sheet."""

import re

from flask import render_template, request

from services.gateway import service_paths
from services.gateway.calls import Answer, Json
from services.gateway.menu import is_submitted
from services.gateway.page import Drawn, Visit, page
from services.gateway.pages.asked import is_centre_no, plain
from services.gateway.pages.refusals import why
from services.gateway.paper_form import policy_in_words
from services.gateway.plots import spread
from shared.i18n import gettext as _

WHOLE = re.compile(r"[0-9]{1,6}")
LONGEST = 20_000
TYPED = ("policy", "marks", "centre_no", "paper_id")


@page("/board/policies", access="board", methods=("GET", "POST"))
def policies(visit: Visit) -> Drawn:
    """Of typed marks; of a paper where the address names the centre first."""
    listed = visit.services.get(service_paths.policies())["policies"]
    typed = {name: plain(name, LONGEST) for name in TYPED}
    if not visit.posted:
        typed["centre_no"] = request.args.get("centre_no", "")[:LONGEST].strip()
        return _draw(visit, listed, typed)
    answer = visit.services.send("POST", service_paths.policies() + "/preview", _body(typed))
    return _draw(visit, listed, typed, answer)


def _body(typed: dict[str, str]) -> Json:
    """What is no whole number goes as it is, to be refused."""
    if typed["paper_id"]:
        return {name: typed[name] for name in ("policy", "centre_no", "paper_id")}
    words = typed["marks"].replace(",", " ").split()
    marks = [int(word) if WHOLE.fullmatch(word) else word for word in words]
    return {"policy": typed["policy"], "marks": marks}


def _draw(
    visit: Visit, listed: list[Json], typed: dict[str, str], answer: Answer | None = None
) -> str:
    preview = answer.body if answer and answer.ok else None
    known = is_centre_no(typed["centre_no"])
    misnamed = typed["centre_no"] and not known
    return render_template(
        "board/policies.html",
        listed=listed,
        named=policy_in_words,
        typed=typed,
        chosen=known,
        papers=_submitted(visit, typed["centre_no"]) if known else [],
        preview=preview,
        plot=spread(preview["candidates"]) if preview else None,
        error=why(answer) if answer and not answer.ok else "",
        misnamed=_("The number of a centre has five digits.") if misnamed else "",
    )


def _submitted(visit: Visit, centre_no: str) -> list[Json] | None:
    """The papers of the centre to choose from; none where marks is down."""
    found = visit.services.part(service_paths.papers(centre_no), absent={"papers": []})
    return None if found is None else [one for one in found["papers"] if is_submitted(one)]
