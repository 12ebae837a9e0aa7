"""HTTP of clerical errors."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, WithJsonSchema

from services.marks.access import MAY_CORRECT, MAY_READ_SHEET
from services.marks.commands.clerical_errors import record_clerical_error
from services.marks.commands.sheet import SheetKey
from services.marks.domain.clerical import LONGEST_REASON
from services.marks.queries.history import (
    ClericalErrorJson,
    ClericalErrorsJson,
    clerical_errors_of,
)
from services.marks.routes import ROUTES
from shared.web.routes import Call, Json

_PATH = "/centres/<centre_no>/papers/<paper_id>/clerical-errors"
_MARK = {"type": "integer", "minimum": 0}


class RecordClericalError(BaseModel):
    """The amended mark, exactly one of tasks and total, and why."""

    model_config = ConfigDict(extra="ignore")

    candidate_no: Annotated[Any, WithJsonSchema({"type": "string", "pattern": "^[0-9]{4}$"})]
    tasks: Annotated[Any, WithJsonSchema({"type": ["array", "null"], "items": _MARK})] = None
    total: Annotated[Any, WithJsonSchema({"type": ["integer", "null"], "minimum": 0})] = None
    reason: Annotated[
        Any, WithJsonSchema({"type": "string", "minLength": 1, "maxLength": LONGEST_REASON})
    ]


@ROUTES.get(_PATH, access=MAY_READ_SHEET, returns=ClericalErrorsJson)
def get_clerical_errors(call: Call, centre_no: str, paper_id: str) -> Json:
    """Every correction of the marksheet, the oldest first."""
    return clerical_errors_of(call.session, centre_no, paper_id)


@ROUTES.post(
    _PATH,
    access=MAY_CORRECT,
    body=RecordClericalError,
    status=201,
    returns=ClericalErrorJson,
    refusals=(409,),
)
def post_clerical_error(
    call: Call, body: RecordClericalError, centre_no: str, paper_id: str
) -> Json:
    """Record a clerical error of the centre."""
    key = SheetKey(centre_no, paper_id)
    return record_clerical_error(call.session, call.principal, key, dict(body))
