"""For board staff: what a sampling policy chooses, of typed marks or of a submitted sheet."""

import re

from flask import render_template

from services.gateway import service_paths
from services.gateway.calls import Answer, Json
from services.gateway.page import Drawn, Visit, page
from services.gateway.pages.asked import plain
from services.gateway.pages.refusals import why
from services.gateway.plots import spread

WHOLE = re.compile(r"[0-9]{1,6}")
LONGEST = 20_000


@page("/board/policies", access="signed-in", methods=("GET", "POST"))
def policies(visit: Visit) -> Drawn:
    listed = visit.services.get(service_paths.policies())["policies"]
    typed = {name: plain(name, LONGEST) for name in ("policy", "marks", "centre_no", "paper_id")}
    if not visit.posted:
        return _draw(listed, typed)
    answer = visit.services.send("POST", service_paths.policies() + "/preview", _body(typed))
    return _draw(listed, typed, answer)


def _body(typed: dict[str, str]) -> Json:
    """What is no whole number goes as it is, to be refused."""
    if typed["centre_no"] or typed["paper_id"]:
        return {name: typed[name] for name in ("policy", "centre_no", "paper_id")}
    words = typed["marks"].replace(",", " ").split()
    marks = [int(word) if WHOLE.fullmatch(word) else word for word in words]
    return {"policy": typed["policy"], "marks": marks}


def _draw(listed: list[Json], typed: dict[str, str], answer: Answer | None = None) -> str:
    preview = answer.body if answer and answer.ok else None
    return render_template(
        "board/policies.html",
        listed=listed,
        typed=typed,
        preview=preview,
        plot=spread(preview["candidates"]) if preview else None,
        error=why(answer) if answer and not answer.ok else "",
    )
