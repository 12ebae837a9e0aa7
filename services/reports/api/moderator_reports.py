"""The moderator's report of a sheet: written by the moderator, read by the centre once released."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from services.reports.access import MAY_READ_MODERATOR_REPORT, MAY_WRITE_MODERATOR_REPORT
from services.reports.api.table import MODERATOR_REPORT, ROUTES
from services.reports.commands.moderator_reports import write_report
from services.reports.domain.moderator_report import Outcome, Sections
from services.reports.queries.moderator_reports import (
    ModeratorReportJson,
    moderator_report,
    moderator_report_json,
)
from services.reports.render.moderator_report import MEDIA, REPLIES
from shared.web.fields import prose
from shared.web.routes import Call, Reply

LONGEST_SECTION = 20_000

Section = Annotated[str, prose(LONGEST_SECTION)]


class ReportFormat(BaseModel):
    """How the report is wanted."""

    model_config = ConfigDict(strict=True, extra="ignore")

    format: Literal["json", "html", "pdf"] = "json"


class SectionsBody(BaseModel):
    """What the moderator says of the tasks, the accuracy of the marking, the administration."""

    model_config = ConfigDict(strict=True, extra="ignore")

    tasks: Section
    accuracy: Section
    administration: Section


class WriteReport(BaseModel):
    """The whole report; with `version` it is refused where another one stands."""

    model_config = ConfigDict(strict=True, extra="ignore")

    sections: SectionsBody
    outcome: Outcome
    version: int | None = Field(default=None, ge=1)


@ROUTES.get(
    MODERATOR_REPORT,
    access=MAY_READ_MODERATOR_REPORT,
    query=ReportFormat,
    streams=True,
    returns=ModeratorReportJson,
    media=MEDIA,
)
def get_moderator_report(call: Call, query: ReportFormat, centre_no: str, paper_id: str) -> Reply:
    """The moderator's report; for the centre it is not there before results day.

    What the board has given back is not there for it either, until it is written anew.
    """
    with call.database.reading() as session:
        report = moderator_report(session, centre_no, paper_id)
    if query.format == "json":
        return Reply(moderator_report_json(report, call.principal))
    return REPLIES[query.format](report)


@ROUTES.put(
    MODERATOR_REPORT,
    access=MAY_WRITE_MODERATOR_REPORT,
    body=WriteReport,
    returns=ModeratorReportJson,
    also=(201,),
    refusals=(409,),
)
def put_moderator_report(call: Call, body: WriteReport, centre_no: str, paper_id: str) -> Reply:
    """Write the report: 201 the first time, then 200."""
    said = body.sections
    sections = Sections(said.tasks, said.accuracy, said.administration)
    written, is_new = write_report(
        call.session,
        call.principal,
        (centre_no, paper_id),
        (sections, body.outcome),
        body.version,
    )
    return Reply(written, status=201 if is_new else 200)
