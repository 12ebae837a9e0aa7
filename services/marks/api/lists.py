"""HTTP of the lists a centre, a moderator and the board begin with."""

from typing_extensions import TypedDict

from services.marks.access import CENTRE_LISTS, MAY_READ_SHEET
from services.marks.queries import lists
from services.marks.queries.lists import AllocatedPaper, CentreCount
from services.marks.queries.papers import PaperSummary
from services.marks.routes import ROUTES
from shared.access.rules import BOARD, MODERATORS
from shared.web.routes import Call, Json


class CentrePapers(TypedDict):
    papers: list[PaperSummary]


class Allocations(TypedDict):
    """`awaiting` counts what is allocated and not submitted yet."""

    papers: list[AllocatedPaper]
    awaiting: int


class Centres(TypedDict):
    centres: list[CentreCount]
    total: int


@ROUTES.get("/centres/<centre_no>/papers", access=CENTRE_LISTS, returns=CentrePapers)
def get_centre_papers(call: Call, centre_no: str) -> Json:
    """The papers of a centre, each with what is left to do, as far as the caller may see them."""
    return {"papers": lists.papers_of_centre(call.session, centre_no, call.principal)}


@ROUTES.get("/centres/<centre_no>/papers/<paper_id>", access=MAY_READ_SHEET, returns=PaperSummary)
def get_centre_paper(call: Call, centre_no: str, paper_id: str) -> Json:
    """One paper of a centre, as in the list of them."""
    return lists.paper_of_centre(call.session, centre_no, paper_id, call.principal)


@ROUTES.get("/allocations", access=MODERATORS, returns=Allocations)
def get_allocations(call: Call) -> Json:
    """The papers of centres that the caller moderates, and what awaits there."""
    papers, awaiting = lists.papers_of_moderator(call.session, call.principal)
    return {"papers": papers, "awaiting": awaiting}


@ROUTES.get("/centres", access=BOARD, returns=Centres)
def get_centres(call: Call) -> Json:
    """Every centre with entries, and how far it has come."""
    counted = lists.centres(call.session)
    return {"centres": counted, "total": len(counted)}
