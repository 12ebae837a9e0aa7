"""A later deadline for the marks of one centre: the centre asks, the board decides."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from services.marks.commands import requests
from services.marks.commands.sheet import hold_sheet
from services.marks.domain.requests import Kind, read_extension
from services.marks.domain.sheet import SheetKey
from services.marks.models import Request
from services.marks.queries.history import instant
from services.marks.queries.papers import deadline_of
from services.marks.queries.requests import RequestJson
from shared import clock
from shared.access.principal import Principal
from shared.events.outbox import emit


def ask_extension(
    session: Session, who: Principal, key: SheetKey, body: Mapping[str, Any]
) -> RequestJson:
    """Ask for the deadline `until`; UnprocessableError, or ConflictError while one is asked for."""
    until: date = body["until"]
    with hold_sheet(session, who, key) as sheet:
        deadline = deadline_of(sheet.paper, sheet.sheet.extended_until)
        why = read_extension(clock.today(), until, deadline, body["reason"])
        change = (
            {"marks_deadline": deadline.isoformat()},
            {"marks_deadline": until.isoformat()},
        )
        request = requests.new_request(who, Kind.EXTENSION, key, reason=why, change=change)
        requests.ask(session, who, request)
        said = {"requested_by": who.user_id, "requested_at": instant(request.at)}
        emit(session, "extension.requested.v1", str(key), event_data(request, why) | said)
    return requests.told(session, request)


def decide_extension(
    session: Session, who: Principal, key: SheetKey, request_id: str, body: object
) -> RequestJson:
    """Decide a request; an accepted one is the deadline of the centre from now on."""
    with hold_sheet(session, who, key) as sheet:
        of = {"kind": Kind.EXTENSION.value, **key._asdict()}
        request, new = requests.decide(session, who, request_id, body, of)
        if new:
            if requests.is_accepted(request):
                until = date.fromisoformat(request.asked["marks_deadline"])
                sheet.sheet.extended_until = until
            said = requests.decision_of(request)
            emit(
                session,
                "extension.decided.v1",
                str(key),
                event_data(request, request.comment) | said,
            )
    return requests.told(session, request)


def event_data(request: Request, why: str) -> dict[str, object]:
    """What the events of a request have in common."""
    return {
        "centre_no": request.centre_no,
        "paper_id": request.paper_id,
        "request_id": request.id,
        "before": request.before,
        "after": request.asked,
        "why": why,
    }
