"""For board staff: the moderations that wait for a decision, and all others."""

from flask import render_template, request

from services.gateway import service_paths
from services.gateway.page import Drawn, Visit, page
from services.gateway.pages.asked import which_page
from services.gateway.pages.moderation import outcomes
from shared.i18n import gettext as _


@page("/board/moderations", access="board")
def board_moderations(visit: Visit) -> Drawn:
    states = _states()
    asked = request.args.get("state", "")
    state = asked if asked in states else "completed"
    part = which_page()
    query = f"?state={state}&rows={part['rows']}&page={part['page']}"
    listed = visit.services.part(service_paths.moderations() + query)
    return render_template(
        "board/moderations.html",
        listed=listed,
        states=states,
        state=state,
        nothing=_nothing()[state],
        outcomes=outcomes(),
    )


def _states() -> dict[str, str]:
    return {
        "completed": _("To be decided"),
        "open": _("With the moderator"),
        "approved": _("Approved"),
    }


def _nothing() -> dict[str, str]:
    """What the page says of a state where nothing is in it: what would be, and since when."""
    return {
        "completed": _(
            "No moderation is waiting for a decision. "
            "It appears here once the moderator has finished."
        ),
        "open": _("No paper is with a moderator. It appears here once a centre has submitted it."),
        "approved": _("No moderation is approved yet. It appears here once you have approved it."),
    }
