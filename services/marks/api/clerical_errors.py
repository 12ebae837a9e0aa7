"""HTTP of clerical errors."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from services.marks.access import MAY_CORRECT, MAY_READ_SHEET, MAY_SUBMIT
from services.marks.commands.acknowledging import acknowledge
from services.marks.commands.clerical_errors import record_clerical_error
from services.marks.domain.requests import LONGEST_REASON
from services.marks.domain.sheet import SheetKey
from services.marks.queries.history import (
    ClericalErrorJson,
    ClericalErrorsJson,
    clerical_errors_of,
)
from services.marks.routes import ROUTES
from shared.access.teaching_sets import only_sets
from shared.web.routes import Call, Json, Reply

_PATH = "/centres/<centre_no>/papers/<paper_id>/clerical-errors"
_MARK = {"type": "integer", "minimum": 0}
MOST_ERRORS = 2000


class RecordClericalError(BaseModel):
    """The amended mark, exactly one of tasks and total, and why."""

    model_config = ConfigDict(extra="ignore")

    candidate_no: Annotated[Any, WithJsonSchema({"type": "string", "pattern": "^[0-9]{4}$"})]
    tasks: Annotated[Any, WithJsonSchema({"type": ["array", "null"], "items": _MARK})] = None
    total: Annotated[Any, WithJsonSchema({"type": ["integer", "null"], "minimum": 0})] = None
    reason: Annotated[
        Any, WithJsonSchema({"type": "string", "minLength": 1, "maxLength": LONGEST_REASON})
    ]


class Acknowledge(BaseModel):
    """The corrections the centre has seen, by their `id`: the others of the sheet are checked."""

    model_config = ConfigDict(strict=True, extra="ignore")

    ids: Annotated[list[str], Field(min_length=1, max_length=MOST_ERRORS)]


@ROUTES.get(_PATH, access=MAY_READ_SHEET, returns=ClericalErrorsJson)
def get_clerical_errors(call: Call, centre_no: str, paper_id: str) -> Json:
    """Every correction of the marksheet, the oldest first."""
    return clerical_errors_of(
        call.session, centre_no, paper_id, only_sets(call.principal, centre_no)
    )


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


@ROUTES.post(
    f"{_PATH}/acknowledgement",
    access=MAY_SUBMIT,
    body=Acknowledge,
    status=201,
    also=(200,),
    returns=ClericalErrorsJson,
)
def post_acknowledgement(call: Call, body: Acknowledge, centre_no: str, paper_id: str) -> Reply:
    """Say that the centre has seen these corrections and checked its other marks."""
    key = SheetKey(centre_no, paper_id)
    is_new = acknowledge(call.session, call.principal, key, body.ids)
    listed = clerical_errors_of(call.session, centre_no, paper_id, None)
    return Reply(listed, status=201 if is_new else 200)
