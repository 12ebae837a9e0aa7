"""The PDF of a candidate details report, beside the same table drawn by other libraries.

Ours is tagged and accessible; ReportLab's and WeasyPrint's are the table alone. Each draws once
before it is measured, and the three take turns. The others are loaded when they are measured.
"""

import io
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from functools import partial
from statistics import median

from services.reports.domain.marks import Mark
from services.reports.domain.report import Paper, Report, Row, Series, Task
from services.reports.render.pdf import details_as_pdf, table_of
from tests.bench import rows as table
from tests.bench.system import System
from tests.support.roundtrips import seconds_of

SIZES = {40: 7, 2000: 1}
# Ours over theirs.
GOAL = 2.0
TASKS = (Task("Task 1", 40), Task("Task 2", 40))
PAPER = Paper(
    id="p",
    code="3700U1",
    title="ENGLISH LANGUAGE",
    unit="UNIT 1 ORACY",
    full_title="GCSE JUNE 2031 ENGLISH LANGUAGE UNIT 1 ORACY (3700U1)",
    qualification="GCSE",
    series=Series("JUNE", 2031),
    tasks=TASKS,
    outcomes=None,
    initials_required=True,
)

Draw = Callable[[Report], bytes]


def report_of(count: int) -> Report:
    """A submitted report of so many candidates."""
    mark = Mark(tasks=(15, 20), mark=35, original_mark=35, initials="AB")
    candidates = (
        Row(f"{number:04}", f"ŴYN{number} : Siân", date(2015, 3, 29), mark, "No", 0)
        for number in range(count)
    )
    return Report(PAPER, "68101", datetime(2031, 5, 1, 12, tzinfo=UTC), tuple(candidates))


def lines_of(report: Report) -> list[list[str]]:
    """The table as text, its head first."""
    told = table_of(report)
    columns, lines = told["columns"], told["rows"]
    assert isinstance(columns, list)
    assert isinstance(lines, list)
    return [columns, *lines]


def by_reportlab(report: Report) -> bytes:
    library, written = pkgutil.resolve_name("reportlab.platypus"), io.BytesIO()
    document = library.SimpleDocTemplate(written)
    document.build([library.LongTable(lines_of(report), repeatRows=1)])
    return written.getvalue()


def by_weasyprint(report: Report) -> bytes:
    head, *lines = lines_of(report)
    body = "".join(f"<tr>{''.join(f'<td>{cell}' for cell in line)}" for line in lines)
    heads = "".join(f"<th>{cell}" for cell in head)
    page = f"<html lang=en><table><thead><tr>{heads}<tbody>{body}</table>"
    document: bytes = pkgutil.resolve_name("weasyprint:HTML")(string=page).write_pdf()
    return document


OTHERS: Mapping[str, Draw] = {"ReportLab": by_reportlab, "WeasyPrint": by_weasyprint}


def rows(_system: System) -> Iterator[table.Row]:
    """The running system has no part in it."""
    return measured()


def measured() -> Iterator[table.Row]:
    for count, times in SIZES.items():
        report = report_of(count)
        ways = {"ours": details_as_pdf, **OTHERS}
        took: dict[str, list[float]] = {name: [] for name in ways}
        for draw in ways.values():
            assert draw(report).startswith(b"%PDF")
        for _each in range(times):
            for name, draw in ways.items():
                took[name].append(seconds_of(partial(draw, report)))
        ours = median(took.pop("ours"))
        for name, seconds in took.items():
            yield table.Row(
                f"PDF of a report of {count} candidates, beside {name}",
                f"median {ours * 1000:.0f} ms",
                f"{name}, the table alone: median {median(seconds) * 1000:.0f} ms",
                ours / median(seconds),
                f"at most {GOAL:g}",
                table.at_most(GOAL),
            )
