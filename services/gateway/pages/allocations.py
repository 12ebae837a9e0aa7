"""A moderator's papers: those allocated to them, once the centre has submitted."""

from flask import render_template

from services.gateway.page import Drawn, Visit, page


@page("/allocations", access="signed-in")
def allocations(visit: Visit) -> Drawn:
    listed = visit.services.part("/api/marks/allocations")
    return render_template("allocations.html", listed=listed)
