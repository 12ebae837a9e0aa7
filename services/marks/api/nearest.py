"""HTTP of who may stand in for a candidate of the sample."""

from services.marks.access import MAY_SEE_WHAT_IS_LEFT
from services.marks.domain.sheet import SheetKey
from services.marks.queries.nearest import NearestJson, nearest
from services.marks.routes import ROUTES
from shared.access.teaching_sets import only_sets
from shared.web.routes import Call, Json

_PATH = "/centres/<centre_no>/papers/<paper_id>/candidates/<candidate_no>/nearest"


@ROUTES.get(_PATH, access=MAY_SEE_WHAT_IS_LEFT, returns=NearestJson)
def get_nearest(call: Call, centre_no: str, paper_id: str, candidate_no: str) -> Json:
    """The nearest candidates with complete work who are not in the sample."""
    sets = only_sets(call.principal, centre_no)
    return nearest(call.session, SheetKey(centre_no, paper_id), candidate_no, sets)
