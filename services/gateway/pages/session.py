"""The session itself: going on with it, and going on after it."""

from flask import Response, redirect, render_template

from services.gateway import kept, paths
from services.gateway.page import FIELDS_BYTES, Drawn, Visit, go_to, page
from services.gateway.state import gateway

SAME_METHOD = 307


@page(paths.stay(), access="signed-in", methods=("GET", "POST"), looking=True)
def stay_signed_in(visit: Visit) -> Drawn:
    """For the button of the countdown."""
    if not visit.posted:
        return go_to(visit.user.home)
    if visit.browser is not None:
        gateway().sessions.touch(visit.browser)
    return Response(status=204)


@page("/continue/<found_by>", access="signed-in", methods=("GET", "POST"), limit=FIELDS_BYTES)
def send_kept_form(visit: Visit, found_by: str) -> Drawn:
    """A form that came when the session had ended: to be sent now, by a press of its button.

    What the button sends is handed on to the page it was made for (307 keeps method and fields).
    """
    found = kept.look(found_by, visit.user.id)
    if found is None:
        return go_to(visit.user.home)
    address, fields = found
    if visit.posted:
        kept.spend(found_by)
        return redirect(address, SAME_METHOD)
    return render_template("continue.html", fields=fields)
