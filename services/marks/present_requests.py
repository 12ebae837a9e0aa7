"""The present state of what centres have asked of the board, and of what the board has undone.

Of the requests for one thing the newest is told, in the state that it is in: asked for, or decided.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from sqlalchemy import Select, and_, exists, func, select
from sqlalchemy.orm import Session, aliased

from services.marks.commands import amendments, entry_requests, extensions
from services.marks.commands.requests import decision_of
from services.marks.commands.sheet import snapshot
from services.marks.domain.requests import Kind, RequestState
from services.marks.models import Candidate, Request, Submission
from services.marks.queries.history import instant
from shared.audit import AuditRow
from shared.events.republish import FETCHED, Present, Told

EventData = Callable[[Request, str], Mapping[str, object]]


def _newest(kind: Kind) -> Select[Request]:
    """The newest request of each sheet, and of each candidate where it is about one."""
    later = aliased(Request)
    newest = select(func.max(later.id)).where(
        later.kind == Request.kind,
        later.centre_no == Request.centre_no,
        later.paper_id == Request.paper_id,
        func.coalesce(later.candidate_no, "") == func.coalesce(Request.candidate_no, ""),
    )
    of_kind = select(Request).where(Request.kind == kind.value)
    return of_kind.where(Request.id == newest.scalar_subquery()).order_by(Request.id)


def _requested(kind: Kind, data: EventData, session: Session) -> Iterator[Told]:
    waiting = _newest(kind).where(Request.state == RequestState.REQUESTED.value)
    for request in session.scalars(waiting.execution_options(yield_per=FETCHED)):
        said = {"requested_by": request.by_id, "requested_at": instant(request.at)}
        yield _subject(request), {**data(request, request.reason), **said}


def _decided(kind: Kind, data: EventData, session: Session) -> Iterator[Told]:
    decided = _newest(kind).where(Request.state != RequestState.REQUESTED.value)
    for request in session.scalars(decided.execution_options(yield_per=FETCHED)):
        yield _subject(request), {**data(request, request.comment), **decision_of(request)}


def amended(session: Session) -> Iterator[Told]:
    """The mark of each candidate that an accepted amendment has made, where it still stands."""
    of_candidate = and_(
        Candidate.centre_no == Request.centre_no,
        Candidate.paper_id == Request.paper_id,
        Candidate.candidate_no == Request.candidate_no,
        # One recorded since has taken its place.
        Candidate.clerical_error.is_(None),
        Candidate.submission.is_not(None),
    )
    accepted = _newest(Kind.AMENDMENT).where(Request.state == RequestState.ACCEPTED.value)
    rows = session.execute(accepted.add_columns(Candidate).join(Candidate, of_candidate))
    for request, candidate in rows.all():
        said = {
            "after": snapshot(candidate),
            "amended_by": request.decided_by_id,
            "amended_at": instant(request.decided_at or request.at),
        }
        yield _subject(request), {**amendments.event_data(request, request.reason), **said}


def reopened(session: Session) -> Iterator[Told]:
    """Every sheet whose submissions were undone and that was not submitted since."""
    subject = Submission.centre_no + "/" + Submission.paper_id
    other = aliased(Submission)
    stands = exists().where(
        other.centre_no == Submission.centre_no,
        other.paper_id == Submission.paper_id,
        other.undone_at.is_(None),
    )
    undone = select(subject).where(~stands).distinct()
    of_sheet = select(func.max(AuditRow.id)).where(AuditRow.action == "submission.reopened")
    newest = of_sheet.where(AuditRow.subject.in_(undone)).group_by(AuditRow.subject)
    for row in session.scalars(select(AuditRow).where(AuditRow.id.in_(newest))):
        centre_no, _slash, paper_id = row.subject.partition("/")
        yield (
            row.subject,
            {
                "centre_no": centre_no,
                "paper_id": paper_id,
                "before": row.before,
                "after": {"submissions": 0, "candidates": 0},
                "why": row.why,
                "reopened_by": row.by_id,
                "reopened_at": instant(row.at),
            },
        )


def _subject(request: Request) -> str:
    return f"{request.centre_no}/{request.paper_id}"


def _of_entry(request: Request, _why: str) -> Mapping[str, object]:
    return entry_requests.event_data(request)


_DATA: Mapping[Kind, EventData] = {
    Kind.AMENDMENT: amendments.event_data,
    Kind.EXTENSION: extensions.event_data,
    Kind.ENTRY: _of_entry,
}

PRESENT: Present = {
    f"{kind.value}.{told}.v1": partial(tell, kind, data)
    for kind, data in _DATA.items()
    for told, tell in (("requested", _requested), ("decided", _decided))
}
