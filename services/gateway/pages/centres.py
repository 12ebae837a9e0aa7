"""For board staff: every centre with entries."""

from flask import render_template

from services.gateway.page import Drawn, Visit, page


@page("/board", access="signed-in")
def board(visit: Visit) -> Drawn:
    listed = visit.services.part("/api/marks/centres")
    return render_template("board.html", centres=None if listed is None else listed["centres"])
