"""What every request of a centre has in common: it is asked once, and decided once."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from services.marks.domain.requests import Kind, RequestState, read_decision
from services.marks.domain.sheet import SheetKey
from services.marks.models import Paper, Request, RequestDocument
from services.marks.queries.history import instant
from services.marks.queries.requests import (
    RequestJson,
    locked_request,
    open_request,
    request_json,
)
from shared import audit, clock
from shared.access.principal import Principal
from shared.errors import ConflictError
from shared.i18n import gettext as _
from shared.ids import new_id

Accept = Callable[[Request], object]


def ask(session: Session, who: Principal, request: Request) -> Request:
    """Keep a request; ConflictError while there is one like it that is not decided."""
    if open_request(session, request) is not None:
        said = _("This has been asked for already, and the board has not decided yet.")
        raise ConflictError(said, slug="asked-already")
    session.add(request)
    session.flush()
    change = audit.Change(before=request.before, after=request.asked, why=request.reason)
    audit.record(session, who, f"{request.kind}.requested", _subject(request), change)
    return request


def new_request(
    who: Principal,
    kind: Kind,
    key: SheetKey,
    candidate_no: str | None = None,
    *,
    reason: str,
    change: tuple[Mapping[str, Any], Mapping[str, Any]],
) -> Request:
    """A request to change something from the first of `change` to the second."""
    before, asked = change
    return Request(
        id=new_id(),
        kind=kind.value,
        centre_no=key.centre_no,
        paper_id=key.paper_id,
        candidate_no=candidate_no,
        before=dict(before),
        asked=dict(asked),
        reason=reason,
        state=RequestState.REQUESTED.value,
        by_id=who.user_id,
        by=who.name,
        at=clock.now(),
        comment="",
    )


def decide(
    session: Session, who: Principal, request_id: str, body: object, of: Mapping[str, str]
) -> tuple[Request, bool]:
    """The request with the board's decision on it, and whether it is a new one.

    The same decision twice is one; ConflictError where the other was made before.
    """
    decision, comment = read_decision(body)
    request = locked_request(session, request_id, **of)
    if request.state != RequestState.REQUESTED.value:
        if request.state == decision.value:
            return request, False
        raise ConflictError(_("The board has decided this already."), slug="decided")
    request.state, request.comment = decision.value, comment
    request.decided_by_id, request.decided_by = who.user_id, who.name
    request.decided_at = clock.now()
    after = {"state": decision.value}
    change = audit.Change(before={"state": "requested"}, after=after, why=comment)
    audit.record(session, who, f"{request.kind}.decided", _subject(request), change)
    return request, True


def decision_of(request: Request) -> dict[str, object]:
    """What events tell of a decision."""
    return {
        "decision": request.state,
        "requested_by": request.by_id,
        "decided_by": request.decided_by_id,
        "decided_at": instant(request.decided_at or request.at),
    }


def is_accepted(request: Request) -> bool:
    return request.state == RequestState.ACCEPTED.value


def told(session: Session, request: Request) -> RequestJson:
    document = session.get(RequestDocument, request.id)
    return request_json(request, session.get_one(Paper, request.paper_id), document)


def _subject(request: Request) -> str:
    key = SheetKey(request.centre_no, request.paper_id)
    return f"{key}/{request.candidate_no}" if request.candidate_no else str(key)
