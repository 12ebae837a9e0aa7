"""HTTP of undoing a submission."""

from pydantic import BaseModel, ConfigDict

from services.marks.access import MAY_DECIDE
from services.marks.api.request_kinds import SHEET, Reason
from services.marks.commands.reopening import reopen
from services.marks.domain.sheet import SheetKey
from services.marks.queries.submission import ReadinessJson
from services.marks.routes import ROUTES
from shared.web.routes import Call, Json


class Reopen(BaseModel):
    """Why the submission was a mistake."""

    model_config = ConfigDict(extra="ignore")

    reason: Reason


@ROUTES.post(
    SHEET + "/submission/reopening",
    access=MAY_DECIDE,
    body=Reopen,
    returns=ReadinessJson,
    refusals=(409,),
)
def post_reopening(call: Call, body: Reopen, centre_no: str, paper_id: str) -> Json:
    """Undo a submission that was a mistake: every mark of the sheet can be changed again."""
    return reopen(call.session, call.principal, SheetKey(centre_no, paper_id), dict(body))
