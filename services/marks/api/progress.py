"""HTTP of how far centres are: counted when it is asked for, so it is never stale."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypedDict

from services.marks.access import MAY_SEE_WHO_IS_BEHIND
from services.marks.api.papers import SERIES
from services.marks.domain.paper import Series
from services.marks.domain.statistics import Statistics
from services.marks.models import Paper
from services.marks.queries.behind import SetProgress, behind
from services.marks.queries.overview import (
    CentreFigures,
    DayCount,
    SheetFigures,
    by_centre,
    by_day,
    of_series,
    sheets_of,
)
from services.marks.queries.papers import PaperJson, catalogue_json
from services.marks.queries.spread import MarkCount, marks_of, statistics_of
from services.marks.routes import ROUTES
from shared import clock
from shared.access.rules import BOARD, not_found
from shared.spreadsheets import CSV, as_csv, file_name
from shared.web.downloads import download
from shared.web.routes import Call, Json, Reply


class SeriesQuery(BaseModel):
    """Of which series (`JUNE 2031`), and as what."""

    model_config = ConfigDict(extra="ignore")

    series: Annotated[str, Field(pattern=SERIES)]
    format: Literal["json", "csv"] = "json"


class SeriesProgress(TypedDict):
    """`as_of` is when it was counted."""

    centres: list[CentreFigures]
    total: int
    as_of: str


class PaperProgress(TypedDict):
    """How far the centres are with a paper, when they submitted, how the marks are spread."""

    paper: PaperJson
    sheets: list[SheetFigures]
    days: list[DayCount]
    marks: list[MarkCount]
    statistics: Statistics | None
    as_of: str


class SetsBehind(TypedDict):
    sets: list[SetProgress]
    as_of: str


@ROUTES.get("/progress", access=BOARD, query=SeriesQuery, returns=SeriesProgress, media=(CSV,))
def get_progress(call: Call, query: SeriesQuery) -> Json | Reply:
    """How far every centre is with the papers of a series; as CSV a line for each paper of each."""
    sheets = sheets_of(call.session, *of_series(Series.parse(query.series)))
    if query.format == "csv":
        name = f"{file_name('progress', query.series)}.csv"
        return download(as_csv(_lines(sheets)), f"{CSV}; charset=utf-8", name)
    centres = by_centre(sheets)
    return {"centres": centres, "total": len(centres), "as_of": clock.now().isoformat()}


def _lines(sheets: Sequence[SheetFigures]) -> Iterator[list[object]]:
    yield list(SheetFigures.__annotations__)
    for one in sheets:
        yield list(one.values())


@ROUTES.get("/papers/<paper_id>/progress", access=BOARD, returns=PaperProgress)
def get_paper_progress(call: Call, paper_id: str) -> Json:
    """How far the centres are with a paper, and how its marks are spread."""
    paper = call.session.get(Paper, paper_id)
    if paper is None:
        raise not_found()
    sheets, marks = sheets_of(call.session, Paper.id == paper_id), marks_of(call.session, paper_id)
    return {
        "paper": catalogue_json(paper),
        "sheets": sheets,
        "days": by_day(sheets),
        "marks": marks,
        "statistics": statistics_of(marks),
        "as_of": clock.now().isoformat(),
    }


@ROUTES.get("/centres/<centre_no>/progress", access=MAY_SEE_WHO_IS_BEHIND, returns=SetsBehind)
def get_sets_behind(call: Call, centre_no: str) -> Json:
    """The teaching sets with candidates left to mark: for the exams officer."""
    return {"sets": behind(call.session, centre_no), "as_of": clock.now().isoformat()}
