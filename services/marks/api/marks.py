"""HTTP of saving marks, and of their history.

What a value may be is said once, by the rules of marks: the models here name the members.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from services.marks.access import MAY_MARK, MAY_READ_SHEET
from services.marks.commands.marks import Batch, BatchJson, How, save_mark, save_marks
from services.marks.domain.sheet import SheetKey
from services.marks.queries.history import HistoryJson, history_of, history_rows
from services.marks.queries.marksheet import CandidateJson
from services.marks.routes import ROUTES
from shared.spreadsheets import CSV, as_csv
from shared.web.downloads import download
from shared.web.fields import MOST_ROWS, Flag
from shared.web.routes import Call, Json, Reply

_SHEET = "/centres/<centre_no>/papers/<paper_id>"
_MARK = {"type": ["integer", "null"], "minimum": 0}
Tasks = Annotated[Any, WithJsonSchema({"type": ["array", "null"], "items": _MARK})]
Text = Annotated[Any, WithJsonSchema({"type": ["string", "null"]})]
Clear = Annotated[Any, WithJsonSchema({"enum": [True, None]})]
Version = Annotated[Any, WithJsonSchema({"type": ["integer", "null"], "minimum": 0})]


class SaveMark(BaseModel):
    """Exactly one of tasks, code, outcome and clear; null is absent."""

    model_config = ConfigDict(extra="ignore")

    tasks: Tasks = None
    code: Text = None
    outcome: Text = None
    clear: Clear = None
    initials: Text = None
    version: Version = None


class SaveMarkOf(SaveMark):
    """A row of a batch."""

    candidate_no: Annotated[Any, WithJsonSchema({"type": "string", "pattern": "^[0-9]{4}$"})]


Row = Annotated[Any, WithJsonSchema(SaveMarkOf.model_json_schema())]


class SaveMarks(BaseModel):
    """The rows, and how they were made."""

    model_config = ConfigDict(extra="ignore")

    candidates: Annotated[list[Row], Field(max_length=MOST_ROWS)]
    how: How = "typed"


class HistoryQuery(BaseModel):
    """As what the history is wanted."""

    model_config = ConfigDict(extra="ignore")

    format: Literal["json", "csv"] = "json"


class BatchQuery(BaseModel):
    """Whether all is saved or nothing."""

    model_config = ConfigDict(extra="ignore")

    atomic: Flag = False


@ROUTES.put(
    _SHEET + "/candidates/<candidate_no>",
    access=MAY_MARK,
    body=SaveMark,
    returns=CandidateJson,
    refusals=(409,),
)
def put_mark(call: Call, body: SaveMark, centre_no: str, paper_id: str, candidate_no: str) -> Json:
    """Save one candidate's mark."""
    key = SheetKey(centre_no, paper_id)
    return save_mark(call.session, call.principal, key, candidate_no, dict(body))


@ROUTES.patch(
    _SHEET + "/marksheet", access=MAY_MARK, body=SaveMarks, query=BatchQuery, returns=BatchJson
)
def patch_marksheet(
    call: Call, body: SaveMarks, query: BatchQuery, centre_no: str, paper_id: str
) -> Json:
    """Save the marks of many candidates."""
    batch = Batch(body.candidates, body.how, query.atomic)
    return save_marks(call.session, call.principal, SheetKey(centre_no, paper_id), batch)


@ROUTES.get(
    _SHEET + "/candidates/<candidate_no>/history",
    access=MAY_READ_SHEET,
    query=HistoryQuery,
    returns=HistoryJson,
    media=(CSV,),
)
def get_history(call: Call, query: HistoryQuery, **of: str) -> Json | Reply:
    """Every change of one candidate's mark, the oldest first."""
    submitted_only = call.principal.kind == "appointee"
    found = history_of(call.session, of, submitted_only=submitted_only)
    if query.format == "json":
        return found
    return download(as_csv(history_rows(found)), f"{CSV}; charset=utf-8", "history.csv")
