"""What the board takes away of a series: all marks, and the statistics of its papers."""

import csv
import io
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pyarrow.parquet
import pytest
from werkzeug.test import TestResponse

from services.marks.api import exports
from services.marks.domain.marking import Mark
from services.marks.queries.exports import COLUMNS
from shared.errors import UnavailableError
from shared.parquet import ROWS, as_parquet
from tests.support.service import BOARD, ServiceUnderTest
from tests.unit.marks.builders import (
    CENTRE,
    OTHER_CENTRE,
    OUTCOMES,
    get,
    make_paper,
    make_sheet,
    make_submission,
)

EXPORT = "/api/marks/exports/marks?series=JUNE%202031"
STATISTICS = "/api/marks/statistics?series=JUNE%202031"


@pytest.fixture
def paper(marks: ServiceUnderTest) -> str:
    """A paper of two centres, submitted by one; and one of another series."""
    made = make_paper(marks)
    settled = {"total": 33, "outcome": None}
    make_sheet(marks, made, "0001", mark=Mark(tasks=(15, 20)), moderated=settled)
    make_sheet(marks, made, "0002", mark=Mark(tasks=(None, None), code="A"), uci="=1+1")
    make_sheet(marks, made, "0003", mark=Mark(tasks=(1, 0)), clerical_error={"total": 2})
    make_sheet(marks, made, "0004", withdrawn=True)
    make_submission(marks, made)
    make_sheet(marks, made, "0001", centre_no=OTHER_CENTRE)
    make_sheet(marks, make_paper(marks, series_year=2032), "0009")
    return made


def exported(marks: ServiceUnderTest, form: str) -> TestResponse:
    answer = marks.call("GET", f"{EXPORT}&format={form}", BOARD)
    assert answer.status_code == 200, answer.text
    assert f"marks-june-2031.{form}" in answer.headers["Content-Disposition"]
    return answer


def test_every_mark_of_a_series_is_a_line(marks: ServiceUnderTest, paper: str) -> None:
    text = exported(marks, "csv").data.decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(text)))
    keys = [(line["centre_no"], line["candidate_no"], line["submission"]) for line in lines]
    assert keys == [
        (CENTRE, "0001", "1"),
        (CENTRE, "0002", "1"),
        (CENTRE, "0003", "1"),
        (OTHER_CENTRE, "0001", ""),
    ]
    first, absent, corrected, _unmarked = lines
    assert first["paper_id"] == paper
    assert (first["tasks"], first["total"], first["moderated_total"]) == ("15 20", "35", "33")
    assert (absent["code"], absent["uci"]) == ("A", "'=1+1")
    assert corrected["clerical_error"] == "True"


@pytest.mark.usefixtures("paper")
def test_parquet_has_the_same_with_its_types(marks: ServiceUnderTest) -> None:
    table = pyarrow.parquet.read_table(io.BytesIO(exported(marks, "parquet").data))
    assert table.column_names == list(COLUMNS)
    rows: list[dict[str, Any]] = table.to_pylist()
    assert [row["effective_total"] for row in rows] == [35, None, 1, None]
    assert [row["clerical_error"] for row in rows] == [False, False, True, False]
    assert [row["tasks"] for row in rows][:2] == ["15 20", " "]


def test_a_series_without_entries_is_an_empty_table(marks: ServiceUnderTest) -> None:
    assert len(exported(marks, "csv").data.splitlines()) == 1
    table = pyarrow.parquet.read_table(io.BytesIO(exported(marks, "parquet").data))
    assert (table.num_rows, table.column_names) == (0, list(COLUMNS))


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_what_fails_at_the_beginning_is_told_by_the_status(
    marks: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    def failing(*_series: object) -> Iterator[list[object]]:
        yield from ()
        raise UnavailableError("gone")

    monkeypatch.setattr(exports, "marks_of_series", failing)
    assert marks.call("GET", f"{EXPORT}&format={form}", BOARD).status_code == 503


def test_many_groups_of_rows_are_sent_as_they_are_made() -> None:
    columns = {"number": int, "text": str}
    tracemalloc.start()
    chunks = as_parquet(columns, ([number, f"{number:09}"] for number in range(5 * ROWS + 1)))
    first = next(chunks)
    # Of what is left nothing has been asked for yet.
    assert tracemalloc.get_traced_memory()[1] < 200 * ROWS * 5
    tracemalloc.stop()
    table = pyarrow.parquet.ParquetFile(io.BytesIO(first + b"".join(chunks)))
    assert (table.metadata.num_row_groups, table.metadata.num_rows) == (6, 5 * ROWS + 1)


@pytest.mark.usefixtures("paper")
def test_statistics_are_told_for_each_paper_with_marks(marks: ServiceUnderTest) -> None:
    outcomes = make_paper(marks, code="9999", tasks=None, outcomes=OUTCOMES)
    make_sheet(marks, outcomes, "0001", mark=Mark(tasks=None, outcome="Pass"))
    make_submission(marks, outcomes)
    told = get(marks, STATISTICS, BOARD)
    (one,) = told["papers"]
    assert (one["code"], one["candidates"], one["mean"], one["deviation"]) == ("3700U1", 2, 18, 17)
    text = marks.call("GET", f"{STATISTICS}&format=csv", BOARD).data.decode("utf-8-sig")
    (line,) = csv.DictReader(io.StringIO(text))
    assert (line["full_title"], line["mean"], line["highest"]) == (one["full_title"], "18.0", "35")


@pytest.mark.parametrize("query", ["", "?series=NEVER%202031", "?series=JUNE%202031&format=ods"])
@pytest.mark.parametrize("path", ["/api/marks/exports/marks", "/api/marks/statistics"])
def test_what_is_no_export_is_refused(marks: ServiceUnderTest, path: str, query: str) -> None:
    assert marks.call("GET", f"{path}{query}", BOARD).status_code == 422
