"""HTTP of what the board takes away: all marks of a series, and the statistics of its papers."""

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypedDict

from services.marks.access import CATALOGUE
from services.marks.api.papers import SERIES
from services.marks.domain.paper import Series
from services.marks.domain.statistics import Statistics
from services.marks.queries.exports import COLUMNS, marks_of_series
from services.marks.queries.spread import PaperStatistics, statistics_of_series
from services.marks.routes import ROUTES
from shared.db import Database
from shared.parquet import PARQUET, as_parquet
from shared.spreadsheets import CSV, Row, as_csv, file_name
from shared.web.downloads import download, made_while_sent
from shared.web.routes import Call, Json, Reply

Write = Callable[[Iterable[Row]], Iterator[bytes]]


class ExportQuery(BaseModel):
    """Of which series (`JUNE 2031`), and as what."""

    model_config = ConfigDict(extra="ignore")

    series: Annotated[str, Field(pattern=SERIES)]
    format: Literal["csv", "parquet"] = "csv"


class StatisticsQuery(BaseModel):
    """Of which series (`JUNE 2031`), and as what."""

    model_config = ConfigDict(extra="ignore")

    series: Annotated[str, Field(pattern=SERIES)]
    format: Literal["json", "csv"] = "json"


class SeriesStatistics(TypedDict):
    papers: list[PaperStatistics]
    total: int


@ROUTES.get(
    "/exports/marks", access=CATALOGUE, query=ExportQuery, streams=True, media=(CSV, PARQUET)
)
def get_all_marks(call: Call, query: ExportQuery) -> Reply:
    """Every candidate of a series with all marks, made while it is sent, as of one moment."""
    write, media = _WAYS[query.format]
    content = _told(call.database, Series.parse(query.series), write)
    return made_while_sent(content, media, f"{file_name('marks', query.series)}.{query.format}")


def _csv(rows: Iterable[Row]) -> Iterator[bytes]:
    return as_csv(_with_head(rows))


def _with_head(rows: Iterable[Row]) -> Iterator[Row]:
    yield list(COLUMNS)
    yield from rows


def _parquet(rows: Iterable[Row]) -> Iterator[bytes]:
    return as_parquet(COLUMNS, rows)


_COLUMNS = ("paper_id", "code", "full_title", *Statistics.__annotations__)
_WAYS: Mapping[str, tuple[Write, str]] = {
    "csv": (_csv, f"{CSV}; charset=utf-8"),
    "parquet": (_parquet, PARQUET),
}


def _told(database: Database, series: Series, write: Write) -> Generator[bytes]:
    with database.reading_on() as session:
        yield from write(marks_of_series(session, series))


@ROUTES.get(
    "/statistics", access=CATALOGUE, query=StatisticsQuery, returns=SeriesStatistics, media=(CSV,)
)
def get_statistics(call: Call, query: StatisticsQuery) -> Json | Reply:
    """How the effective marks of each paper of a series are spread, over all centres."""
    papers = statistics_of_series(call.session, Series.parse(query.series))
    if query.format == "json":
        return {"papers": papers, "total": len(papers)}
    lines: list[Row] = [_COLUMNS, *([dict(one)[name] for name in _COLUMNS] for one in papers)]
    name = f"{file_name('statistics', query.series)}.csv"
    return download(as_csv(lines), f"{CSV}; charset=utf-8", name)
