"""What the same work costs when the database holds more: entries of other centres are added."""

from collections.abc import Iterator
from contextlib import closing
from functools import partial
from statistics import median

import psycopg
from psycopg.sql import SQL, Composed, Identifier
from sqlalchemy import Table

from services.marks.models import Candidate
from services.marks.models import Sheet as SheetRow
from tests.bench.load import run
from tests.bench.rows import Row, at_most
from tests.bench.saving import batch, single
from tests.bench.system import OWNER_URL, System
from tests.support.roundtrips import seconds_of
from tests.support.sheet import Sheet

GOAL = 1.3
CLIENTS = 8
SECONDS = 6.0
SUBMISSIONS = 15
# A board: so many centres with 25 papers of 48 candidates each.
PAPERS, CANDIDATES = 25, 48
SIZES = {"10³": 0, "10⁵": 84, "2.4·10⁶": 2_000}
FIRST_CENTRE = 10_000

Costs = dict[str, float]


def rows(system: System) -> Iterator[Row]:
    model = system.papers(PAPERS, CANDIDATES, "G")
    measured: dict[str, Costs] = {}
    centres = 0
    for size, wanted in SIZES.items():
        _add(system, model, centres, wanted)
        centres = wanted
        measured[size] = _costs(system, model, f"H{len(measured)}")
    smallest, *larger = measured
    for what, least in measured[smallest].items():
        for size in larger:
            cost = measured[size][what]
            yield Row(
                f"{what}, {size} entries",
                f"{cost:.1f} ms",
                f"{smallest} entries: {least:.1f} ms",
                cost / least,
                f"≤ {GOAL}",
                at_most(GOAL),
            )


def _costs(system: System, model: list[str], prefix: str) -> Costs:
    """Milliseconds of each kind of work."""
    url, headers = system.stack.base_url, system.authorization()
    papers = model[:CLIENTS]
    one = run(url, [partial(single, system, each) for each in papers], SECONDS, headers)
    many = run(url, [partial(batch, system, each, CANDIDATES) for each in papers], SECONDS, headers)
    return {
        "a mark saved": median(one.seconds) * 1000,
        f"{CANDIDATES} marks saved together": median(many.seconds) * 1000,
        "from a submission to its sample": median(_samples(system, prefix)) * 1000,
    }


def _samples(system: System, prefix: str) -> list[float]:
    taken = []
    for paper_id in system.papers(SUBMISSIONS, CANDIDATES, prefix):
        sheet = Sheet(system.teacher, system.centre_no, paper_id)
        sheet.fill({f"{n:04d}": [40 + n] for n in range(1, CANDIDATES + 1)})
        sheet.submit()
        taken.append(seconds_of(sheet.wait_for_sample))
    return taken


def _add(system: System, model: list[str], there: int, wanted: int) -> None:
    """Give further centres the entries that the model centre has."""
    if wanted == there:
        return
    url = system.stack.home.secret(OWNER_URL)
    with closing(psycopg.connect(url, autocommit=True)) as connection:
        for table in (SheetRow.__table__, Candidate.__table__):
            assert isinstance(table, Table)
            span = (FIRST_CENTRE + there, FIRST_CENTRE + wanted - 1)
            connection.execute(_copy(table), (*span, system.centre_no, model))
            connection.execute(SQL("ANALYZE {}").format(Identifier(table.name)))


def _copy(table: Table) -> Composed:
    kept = [column.name for column in table.columns if column.name not in {"id", "centre_no"}]
    return SQL(
        "INSERT INTO {table} (centre_no, {columns}) SELECT centre::text, {columns}"
        " FROM {table} CROSS JOIN generate_series(%s::int, %s::int) AS centre"
        " WHERE centre_no = %s AND paper_id = ANY(%s)"
    ).format(table=Identifier(table.name), columns=SQL(", ").join(map(Identifier, kept)))
