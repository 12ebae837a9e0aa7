"""For board staff: a centre's pages as the centre sees them, until they end it."""

from services.gateway import looking_paths, paths
from services.gateway.page import Drawn, Visit, go_to, page
from services.gateway.sessions import session_ended
from services.gateway.state import gateway


@page("/board/centres/<centre_no>/looking", access="board", methods=("POST",))
def look_at_centre(visit: Visit, centre_no: str) -> Drawn:
    """Identity says who may, and keeps that they did."""
    if visit.browser is None:
        raise session_ended()
    gateway().sessions.look_as(visit.browser, centre_no)
    return go_to(paths.menu(centre_no))


@page(looking_paths.end(), access="signed-in", methods=("POST",), looking=True)
def end_looking(visit: Visit) -> Drawn:
    """Back to the board's own pages."""
    if visit.browser is not None:
        gateway().sessions.look_no_more(visit.browser)
    return go_to(paths.board())
