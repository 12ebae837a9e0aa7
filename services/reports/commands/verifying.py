"""Looking whether the read model says what marks and the others would tell now.

What they tell is taken in once more, by the same handlers, into a database of its own; then the
reports of both are compared, sheet by sheet.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.reports.domain.report import Report
from services.reports.models import Candidate, Paper
from services.reports.queries.details import candidate_details
from shared.db import Database
from shared.events.consumer import Handlers
from shared.events.republish import Present, events_of

Sheet = tuple[str, str]
Progress = Callable[[int], object]


def take_in(
    handlers: Handlers, present: Present, source: Database, into: Database, on_progress: Progress
) -> None:
    """Have the handlers take in what is told of the database `source`."""
    with source.reading() as session:
        for events in events_of(session, present, handlers):
            with into.transaction() as writing:
                for event in events:
                    handlers[event.key](writing, event)
            on_progress(len(events))


def sheets_of(session: Session) -> set[Sheet]:
    """The sheets that there are reports of."""
    there = select(Candidate.centre_no, Candidate.paper_id).join(
        Paper, Paper.id == Candidate.paper_id
    )
    found = session.execute(there.where(Candidate.withdrawn.is_(False)).distinct())
    return {(centre_no, paper_id) for centre_no, paper_id in found}


def compare(kept: Session, told: Session, on_progress: Progress) -> Iterator[tuple[str, str]]:
    """Each sheet that is not as it is told, with the candidates it is about."""
    known, expected = sheets_of(kept), sheets_of(told)
    for sheet in sorted(known | expected):
        on_progress(1)
        if sheet not in known or sheet not in expected:
            yield "/".join(sheet), "missing" if sheet in expected else "unknown"
        else:
            about = _differing(_report(kept, sheet), _report(told, sheet))
            kept.expunge_all()
            told.expunge_all()
            if about is not None:
                yield "/".join(sheet), about


def _report(session: Session, sheet: Sheet) -> Report:
    return replace(candidate_details(session, *sheet), as_of=None)


def _differing(kept: Report, told: Report) -> str | None:
    """The numbers of the rows that differ, or `paper`; None where all is the same."""
    if kept == told:
        return None
    there, expected = ({row.candidate_no: row for row in one.rows} for one in (kept, told))
    numbers = sorted(there.keys() | expected.keys())
    return ",".join(no for no in numbers if there.get(no) != expected.get(no)) or "paper"
