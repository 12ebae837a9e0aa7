"""What of that which was acknowledged is in the databases: nothing lost, and nothing twice."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.marks.models import Candidate, MarkChange
from services.sampling.models import Sheet
from shared.events.models import Inbox, Outbox
from shared.service import load_service
from tests.bench.traffic import SAVE, SUBMIT, Visit
from tests.support.effects import CONSUMERS
from tests.support.faults import database_of
from tests.support.stack import Stack

# What each submission makes, and who says so.
EVENTS = {"marks": "marks.submitted.v1", "sampling": "sample.generated.v1"}
Key = tuple[str, str, str]


@dataclass
class Kept:
    """How many things were acknowledged, and what became of them."""

    marks: int = 0
    submissions: int = 0
    lost: int = 0
    doubled: int = 0

    def count(self, times: int) -> None:
        """Something that should be there once is there so many times."""
        self.lost += times == 0
        self.doubled += max(times - 1, 0)


def kept(stack: Stack, acknowledged: Sequence[Visit]) -> Kept:
    """Look for every mark with its value, and for every submission with its sample and events.

    Nobody had a mark before, and each candidate was given one.
    """
    subjects = [f"{v.centre_no}/{v.paper_id}" for v in acknowledged if v.kind == SUBMIT]
    sent = {
        (visit.centre_no, visit.paper_id, number): [mark]
        for visit in acknowledged
        if visit.kind == SAVE
        for number, mark in visit.marks.items()
    }
    found = Kept(len(sent), len(subjects))
    _count_marks(stack, sent, found)
    _count_samples(stack, subjects, found)
    for service, key in EVENTS.items():
        _count_events(stack, service, key, subjects, found)
    return found


def _count_marks(stack: Stack, sent: Mapping[Key, Sequence[int]], found: Kept) -> None:
    with database_of(stack, "marks") as database, database.reading() as session:
        stored = {
            (row.centre_no, row.paper_id, row.candidate_no): row.tasks
            for row in _of_sheets(session, sent, Candidate, Candidate.tasks)
        }
        changes = Counter(tuple(row) for row in _of_sheets(session, sent, MarkChange))
    for key, tasks in sent.items():
        found.count(changes[key] if stored[key] == tasks else 0)


def _of_sheets(
    session: Session, sent: Iterable[Key], table: type[Candidate | MarkChange], *more: Any
) -> Iterator[Any]:
    """The rows of all candidates of these sheets, paper by paper: the key and more."""
    centres = defaultdict(set)
    for centre_no, paper_id, _number in sent:
        centres[paper_id].add(centre_no)
    rows = select(table.centre_no, table.paper_id, table.candidate_no, *more)
    for paper_id, centre_nos in centres.items():
        of_paper = rows.where(table.paper_id == paper_id, table.centre_no.in_(centre_nos))
        yield from session.execute(of_paper)


def _count_samples(stack: Stack, subjects: Sequence[str], found: Kept) -> None:
    subject = Sheet.centre_no + "/" + Sheet.paper_id
    generated = select(subject).where(Sheet.state == "generated", subject.in_(subjects))
    with database_of(stack, "sampling") as database, database.reading() as session:
        times = Counter(session.scalars(generated))
    for each in subjects:
        found.count(times[each])


def _count_events(
    stack: Stack, service: str, key: str, subjects: Sequence[str], found: Kept
) -> None:
    """Each is told once, and each service that listens has handled it."""
    about = select(Outbox.subject, Outbox.id).where(
        Outbox.routing_key.startswith(f"{key}."), Outbox.subject.in_(subjects)
    )
    with database_of(stack, service) as database, database.reading() as session:
        told = session.execute(about).all()
    times = Counter(row.subject for row in told)
    for each in subjects:
        found.count(times[each])
    ids = {row.id for row in told}
    handled = select(Inbox.id).where(Inbox.id.in_(ids))
    for listener in (name for name in CONSUMERS if key in load_service(name).handlers):
        with database_of(stack, listener) as database, database.reading() as session:
            found.lost += len(ids.difference(session.scalars(handled)))
