"""HTTP of submission."""

from http import HTTPStatus
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from services.marks.access import MAY_SEE_WHAT_IS_LEFT, MAY_SUBMIT
from services.marks.commands.submission import submit
from services.marks.domain.sheet import SheetKey
from services.marks.domain.submission import DECLARATIONS
from services.marks.queries.submission import ReadinessJson, ReceiptJson, readiness_of
from services.marks.routes import ROUTES
from shared.access.teaching_sets import only_sets
from shared.web.routes import Call, Json, Reply

_PATH = "/centres/<centre_no>/papers/<paper_id>/submission"
_DECLARED = {
    "type": "object",
    "properties": {name: {"const": True} for name in DECLARATIONS},
    "required": list(DECLARATIONS),
}


class Submit(BaseModel):
    """What the centre declares, each with a plain true."""

    model_config = ConfigDict(extra="ignore", json_schema_extra={"required": ["declarations"]})

    declarations: Annotated[Any, WithJsonSchema(_DECLARED), Field(default_factory=dict)]


@ROUTES.get(_PATH, access=MAY_SEE_WHAT_IS_LEFT, returns=ReadinessJson)
def get_submission(call: Call, centre_no: str, paper_id: str) -> Json:
    """What is missing for a submission, and the receipt of the last one."""
    return readiness_of(call.session, centre_no, paper_id, only_sets(call.principal, centre_no))


@ROUTES.post(
    _PATH,
    access=MAY_SUBMIT,
    body=Submit,
    status=201,
    also=(200,),
    returns=ReceiptJson,
    refusals=(409,),
)
def post_submission(call: Call, body: Submit, centre_no: str, paper_id: str) -> Reply:
    """Submit the marks; sent again, the same receipt comes back."""
    key = SheetKey(centre_no, paper_id)
    receipt, new = submit(call.session, call.principal, key, dict(body))
    return Reply(receipt, HTTPStatus.CREATED if new else HTTPStatus.OK)
