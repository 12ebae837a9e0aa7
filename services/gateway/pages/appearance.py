"""How pages look in this browser."""

from flask import request

from services.gateway import cookies, paths
from services.gateway.page import Drawn, Visit, go_to, page
from services.gateway.scheme import SCHEMES
from services.gateway.signing_in import local_path


@page("/scheme", access="anyone", methods=("POST",), looking=True)
def choose_scheme(_visit: Visit) -> Drawn:
    """Light or dark from now on, or again as the device has it; and back to where they were."""
    chosen = request.form.get("scheme", "")
    response = go_to(local_path(request.form.get("next", "")) or paths.home())
    if chosen in SCHEMES:
        cookies.give(response, cookies.SCHEME, chosen, cookies.A_YEAR)
    else:
        cookies.take(response, cookies.SCHEME)
    return response
