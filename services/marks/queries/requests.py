"""Requests of centres, as answers show them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from services.marks.domain.requests import Kind
from services.marks.domain.sheet import SheetKey
from services.marks.models import Paper, Request, RequestDocument
from services.marks.queries.history import instant
from services.marks.queries.papers import full_title_of
from services.marks.queries.reach import numbers_in_reach
from shared.access.rules import not_found
from shared.access.teaching_sets import Sets

ALLOWED = timedelta(hours=72)


class DocumentJson(TypedDict):
    """What a centre sent with its request."""

    content_type: str
    size: int
    sha256: str
    added_at: str
    added_by: str


State = Literal["requested", "accepted", "rejected"]
RequestJson = TypedDict(
    "RequestJson",
    {
        "id": str,
        "kind": str,
        "centre_no": str,
        "paper_id": str,
        "paper": str,
        "candidate_no": str | None,
        "from": dict[str, Any],
        "to": dict[str, Any],
        "reason": str,
        "state": State,
        "requested_at": str,
        "requested_by": str,
        "allow_until": str,
        "decided_at": str | None,
        "decided_by": str | None,
        "comment": str,
        "document": DocumentJson | None,
    },
)


class RequestsJson(TypedDict):
    """One page; `total` counts all of them.

    The newest first, but of those that wait, asked for alone, the oldest. `allow_until` is when a
    late entry is there at the latest.
    """

    requests: list[RequestJson]
    total: int
    page: int
    rows: int


@dataclass(frozen=True)
class Wanted:
    """The requests of a kind: all of them, or of a state, a sheet, and there of teaching sets."""

    kind: Kind
    state: str = ""
    key: SheetKey | None = None
    sets: Sets | None = None

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        yield Request.kind == self.kind.value
        if self.state:
            yield Request.state == self.state
        if self.key:
            yield Request.centre_no == self.key.centre_no
            yield Request.paper_id == self.key.paper_id
        if self.key and self.sets is not None:
            there = numbers_in_reach(*self.key, self.sets)
            yield or_(Request.candidate_no.is_(None), Request.candidate_no.in_(there))


def requests_of(session: Session, asked: Wanted, page: int, rows: int) -> RequestsJson:
    """A page of them."""
    conditions = [*asked.conditions()]
    wanted = select(Request, Paper, RequestDocument).join(Paper, Paper.id == Request.paper_id)
    wanted = wanted.outerjoin(RequestDocument, RequestDocument.request_id == Request.id)
    wanted = wanted.where(*conditions)
    counted = select(func.count()).select_from(Request).where(*conditions)
    # Identifiers grow with time.
    order = Request.id if asked.state == "requested" else Request.id.desc()
    paged = wanted.order_by(order).limit(rows).offset((page - 1) * rows)
    return {
        "requests": [request_json(*row) for row in session.execute(paged)],
        "total": session.scalar(counted) or 0,
        "page": page,
        "rows": rows,
    }


def open_request(session: Session, like: Request) -> Request | None:
    """Another request of this kind, for the same candidate or sheet, not decided yet."""
    same = select(Request).filter_by(
        kind=like.kind,
        centre_no=like.centre_no,
        paper_id=like.paper_id,
        candidate_no=like.candidate_no,
        state="requested",
    )
    return session.scalars(same.limit(1)).first()


def locked_request(session: Session, request_id: str, **of: str) -> Request:
    """The request, locked for its decision; 404 without one."""
    asked = select(Request).filter_by(id=request_id, **of).with_for_update()
    found = session.scalars(asked).first()
    if found is None:
        raise not_found()
    return found


def document_of(session: Session, asked: Wanted, request_id: str) -> RequestDocument:
    """The document of one of these requests; NotFoundError without one."""
    wanted = select(RequestDocument).join(Request, Request.id == RequestDocument.request_id)
    found = session.scalars(wanted.where(Request.id == request_id, *asked.conditions())).first()
    if found is None:
        raise not_found()
    return found


def require_request(session: Session, asked: Wanted, request_id: str) -> None:
    """NotFoundError unless it is one of these."""
    wanted = select(Request.id).where(Request.id == request_id, *asked.conditions())
    if session.scalars(wanted).first() is None:
        raise not_found()


def request_json(request: Request, paper: Paper, document: RequestDocument | None) -> RequestJson:
    return {
        "id": request.id,
        "kind": request.kind,
        "centre_no": request.centre_no,
        "paper_id": request.paper_id,
        "paper": full_title_of(paper),
        "candidate_no": request.candidate_no,
        "from": request.before,
        "to": request.asked,
        "reason": request.reason,
        "state": _state(request),
        "requested_at": instant(request.at),
        "requested_by": request.by,
        "allow_until": instant(request.at + ALLOWED),
        "decided_at": instant(request.decided_at) if request.decided_at else None,
        "decided_by": request.decided_by,
        "comment": request.comment,
        "document": _document_json(document) if document else None,
    }


def _document_json(document: RequestDocument) -> DocumentJson:
    return {
        "content_type": document.content_type,
        "size": document.size,
        "sha256": document.sha256,
        "added_at": instant(document.at),
        "added_by": document.by,
    }


def _state(request: Request) -> State:
    if request.state == "requested":
        return "requested"
    return "accepted" if request.state == "accepted" else "rejected"
