"""Late entries that the exams officer asks for; one the board accepts is entered at once."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.marks.commands import requests
from services.marks.commands.entries import EntriesFile, import_entries
from services.marks.domain.entry_request import as_entry, read_entry_request
from services.marks.domain.requests import Kind
from services.marks.domain.sheet import SheetKey
from services.marks.models import Candidate, Paper, Request
from services.marks.queries.history import instant
from services.marks.queries.papers import series_of
from services.marks.queries.requests import RequestJson
from shared import clock
from shared.access.principal import Principal
from shared.access.rules import not_found
from shared.errors import ConflictError
from shared.events.outbox import emit
from shared.findings import LineFindings
from shared.i18n import gettext as _
from shared.locks import queue_for

SHARED = {"read": True, "key_share": True}


def ask_entry(session: Session, who: Principal, key: SheetKey, body: object) -> RequestJson:
    """Ask for an entry; UnprocessableError, or ConflictError where it is there already."""
    asked, reason = read_entry_request(body, clock.today())
    # Of several at once each sees those before it.
    queue_for(session, f"entry requests of {key}")
    # Nobody removes it until this has been committed.
    if session.get(Paper, key.paper_id, with_for_update=SHARED) is None:
        raise not_found()
    there = select(Candidate.id).filter_by(
        **key._asdict(), candidate_no=asked["candidate_no"], withdrawn=False
    )
    if session.scalars(there).first() is not None:
        raise ConflictError(_("This candidate is entered already."), slug="entered-already")
    number = asked["candidate_no"]
    request = requests.new_request(who, Kind.ENTRY, key, number, reason=reason, change=({}, asked))
    requests.ask(session, who, request)
    said = {"requested_by": who.user_id, "requested_at": instant(request.at)}
    emit(session, "entry.requested.v1", str(key), event_data(request) | said)
    return requests.told(session, request)


def decide_entry(
    session: Session, who: Principal, key: SheetKey, request_id: str, body: object
) -> RequestJson:
    """Decide a request; an accepted one is entered at once, as by a file of the board.

    ConflictError where the number is by now that of an entry with other details, which stay.
    """
    of = {"kind": Kind.ENTRY.value, **key._asdict()}
    request, new = requests.decide(session, who, request_id, body, of)
    if new and requests.is_accepted(request):
        paper = session.get_one(Paper, key.paper_id)
        series, qualification = series_of(paper), paper.qualification
        entry = as_entry(request.asked, series, qualification, key.centre_no, paper.code)
        if import_entries(session, EntriesFile([entry], LineFindings()), who)["changed"]:
            raise _entered_otherwise(request)
    if new:
        # After the sheet is locked, as whoever submits it does.
        said = requests.decision_of(request)
        emit(session, "entry.decided.v1", str(key), event_data(request) | said)
    return requests.told(session, request)


def _entered_otherwise(request: Request) -> ConflictError:
    entered = _(
        "Candidate %(no)s is entered by now, with other details: nothing is changed.",
        no=request.candidate_no,
    )
    advice = _("You can reject the request, and tell the centre why.")
    return ConflictError(f"{entered} {advice}", slug="entered-already")


def event_data(request: Request) -> dict[str, object]:
    """Its number and no name: what else was asked for is in the answer of marks."""
    return {
        "centre_no": request.centre_no,
        "paper_id": request.paper_id,
        "candidate_no": request.candidate_no,
        "request_id": request.id,
    }
