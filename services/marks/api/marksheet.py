"""HTTP of the marksheet."""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from services.marks.access import MAY_READ_SHEET
from services.marks.queries.marksheet import (
    MarksheetJson,
    Show,
    Sort,
    View,
    read_marksheet,
)
from services.marks.routes import ROUTES
from shared.access.teaching_sets import only_sets
from shared.web.fields import MOST_ROWS
from shared.web.routes import Call, Json

LONGEST_SEARCH = 200
LARGEST_CURSOR = 2**63 - 1


def _all_is_none(rows: object) -> object:
    return None if rows == "all" else rows


Rows = Annotated[
    Annotated[int, Field(ge=1, le=MOST_ROWS)] | None,
    BeforeValidator(_all_is_none),
    WithJsonSchema(
        {"anyOf": [{"type": "integer", "minimum": 1, "maximum": MOST_ROWS}, {"const": "all"}]}
    ),
]


class MarksheetQuery(BaseModel):
    """What to see of the marksheet: which candidates, in which order, how many on a page."""

    model_config = ConfigDict(extra="ignore")

    show: Show = "all"
    sort: Sort = "candidate_no"
    search: Annotated[str, Field(max_length=LONGEST_SEARCH)] = ""
    teaching_set: Annotated[str, Field(max_length=LONGEST_SEARCH)] = ""
    rows: Rows = 20
    page: Annotated[int, Field(ge=1)] = 1
    changed_since: Annotated[int, Field(ge=0, le=LARGEST_CURSOR)] | None = None

    @model_validator(mode="before")
    @classmethod
    def _drop_empty(cls, given: dict[str, Any]) -> dict[str, Any]:
        """A form sends every field it has: `?search=&show=`."""
        return {name: value for name, value in given.items() if value != ""}


@ROUTES.get(
    "/centres/<centre_no>/papers/<paper_id>/marksheet",
    access=MAY_READ_SHEET,
    query=MarksheetQuery,
    returns=MarksheetJson,
)
def get_marksheet(call: Call, query: MarksheetQuery, centre_no: str, paper_id: str) -> Json:
    """A page of the candidates of one centre and paper, with their marks."""
    view = View(
        **query.model_dump(),
        reader=call.principal.user_id,
        reader_name=call.principal.name,
        submitted_only=call.principal.kind == "appointee",
        sets=only_sets(call.principal, centre_no),
    )
    return read_marksheet(call.session, centre_no, paper_id, view)
