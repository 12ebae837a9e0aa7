"""For board staff: every centre with entries. And the names of centres."""

from flask import render_template

from services.gateway import service_paths
from services.gateway.page import Drawn, Visit, page


@page("/board", access="board")
def board(visit: Visit) -> Drawn:
    """What centres have comes from marks, their names from identity: either may be missing."""
    listed = visit.services.part(service_paths.centres_with_entries())
    named = visit.services.part(service_paths.centres())
    return render_template(
        "board.html",
        centres=None if listed is None else listed["centres"],
        names={one["centre_no"]: one["name"] for one in named["centres"]} if named else {},
    )


def centre_name(visit: Visit, centre_no: str) -> str:
    """The name of a centre: that of one's own is known, board staff ask; empty where unknown."""
    if visit.user.role == "board":
        named = visit.services.part(service_paths.centre(centre_no), absent={"name": ""})
        return named["name"] if named else ""
    return next((one.name for one in visit.user.centres if one.centre_no == centre_no), "")
