"""HTTP in, HTTP out: the board's word on moderators' reports."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from typing_extensions import TypedDict

from services.reports.access import MAY_DECIDE_ON_MODERATOR_REPORT, MAY_LIST_MODERATOR_REPORTS
from services.reports.api.table import MODERATOR_REPORT, ROUTES
from services.reports.commands.moderator_reports import decide
from services.reports.domain.moderator_report import ApprovalState, Decision
from services.reports.queries.approvals import ListedModeratorReport, moderator_reports
from services.reports.queries.moderator_reports import ModeratorReportJson
from shared.web.routes import Call, Json

LONGEST_COMMENT = 2000

Comment = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=LONGEST_COMMENT, pattern=r"^[^\x00]*$")
]


class DecideOnReport(BaseModel):
    """What is said of this `version`; what is given back to the moderator needs a comment."""

    model_config = ConfigDict(strict=True, extra="ignore")

    decision: Decision
    comment: Comment = ""
    version: Annotated[int, Field(ge=1)]


class ListQuery(BaseModel):
    """Those that wait, unless others are asked for."""

    model_config = ConfigDict(extra="ignore")

    state: ApprovalState = "waiting"
    page: Annotated[int, Field(ge=1, le=10_000)] = 1
    rows: Annotated[int, Field(ge=1, le=500)] = 100


class ModeratorReportsJson(TypedDict):
    moderator_reports: list[ListedModeratorReport]
    total: int
    page: int
    rows: int


@ROUTES.get(
    "/moderator-reports",
    access=MAY_LIST_MODERATOR_REPORTS,
    query=ListQuery,
    returns=ModeratorReportsJson,
)
def get_moderator_reports(call: Call, query: ListQuery) -> Json:
    """Reports that wait for the board, or that it approved or gave back; a moderator's own alone.

    One that is released waits no more: it cannot be given back. Those whose submission was undone
    are listed by themselves.
    """
    asked = (query.state, query.page, query.rows)
    listed, total = moderator_reports(call.session, call.principal, *asked)
    return {"moderator_reports": listed, "total": total, "page": query.page, "rows": query.rows}


@ROUTES.post(
    f"{MODERATOR_REPORT}/decision",
    access=MAY_DECIDE_ON_MODERATOR_REPORT,
    body=DecideOnReport,
    returns=ModeratorReportJson,
    refusals=(409,),
)
def decide_on_moderator_report(
    call: Call, body: DecideOnReport, centre_no: str, paper_id: str
) -> ModeratorReportJson:
    """Approve the report, or give it back: then it is not released until it is written anew.

    A report that nobody has looked at is released all the same.
    """
    said = (body.decision, body.comment)
    return decide(call.session, call.principal, (centre_no, paper_id), said, body.version)
