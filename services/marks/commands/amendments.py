"""Amending a mark after the submission: the centre asks, the board decides."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from services.marks.commands import requests
from services.marks.commands.marks import put_mark
from services.marks.commands.sheet import HeldSheet, hold_sheet, snapshot
from services.marks.domain.marking import Mark
from services.marks.domain.requests import Kind, as_amended, read_amendment
from services.marks.domain.sheet import SheetKey
from services.marks.models import Candidate, Request
from services.marks.queries.history import in_words, instant, mark_json
from services.marks.queries.marksheet import mark_of
from services.marks.queries.requests import RequestJson
from shared import clock
from shared.access.principal import Principal
from shared.errors import ConflictError
from shared.events.outbox import emit
from shared.i18n import gettext as _


def ask_amendment(
    session: Session, who: Principal, key: SheetKey, body: Mapping[str, Any]
) -> RequestJson:
    """Ask for another mark of a submitted candidate; UnprocessableError, or ConflictError."""
    with hold_sheet(session, who, key) as sheet:
        candidate = sheet.named(body.get("candidate_no"))
        wanted, reason = read_amendment(sheet.rules, _counting(candidate), body)
        _require_submitted(candidate)
        request = requests.new_request(
            who,
            Kind.AMENDMENT,
            key,
            candidate.candidate_no,
            reason=reason,
            change=(snapshot(candidate), mark_json(wanted)),
        )
        requests.ask(session, who, request)
        said = {"requested_by": who.user_id, "requested_at": instant(request.at)}
        emit(session, "amendment.requested.v1", str(key), event_data(request, reason) | said)
    return requests.told(session, request)


def decide_amendment(
    session: Session, who: Principal, key: SheetKey, request_id: str, body: object
) -> RequestJson:
    """Decide a request; an accepted one changes the mark that counts, at once.

    ConflictError where that is another mark by now than it was when its amendment was asked for.
    """
    with hold_sheet(session, who, key) as sheet:
        of = {"kind": Kind.AMENDMENT.value, **key._asdict()}
        request, new = requests.decide(session, who, request_id, body, of)
        if new:
            said = requests.decision_of(request)
            emit(
                session,
                "amendment.decided.v1",
                str(key),
                event_data(request, request.comment) | said,
            )
            if requests.is_accepted(request):
                _amend(sheet, request)
    return requests.told(session, request)


def _counting(candidate: Candidate) -> Mark:
    """The mark that counts, as far as it is known by task."""
    mark, counts = mark_of(candidate), snapshot(candidate)
    if not candidate.clerical_error:
        return mark
    tasks = counts["tasks"]
    return Mark(tuple(tasks) if tasks else (), mark.code, mark.outcome, mark.initials)


def _require_submitted(candidate: Candidate) -> None:
    if candidate.submission is None:
        said = _("The candidate's mark is not submitted yet: it can be changed on the marksheet.")
        raise ConflictError(said, slug="not-submitted")


def _require_unchanged(request: Request, now: Mapping[str, Any]) -> None:
    if now != request.before:
        mark = in_words(now)
        changed = _("The mark has changed since this was asked for: it is %(mark)s now.", mark=mark)
        advice = _("You can reject the request: the centre may ask again.")
        raise ConflictError(f"{changed} {advice}", slug="mark-changed")


def _asked_for(sheet: HeldSheet, candidate_no: str) -> Candidate:
    """The candidate of a request; ConflictError where it is withdrawn since."""
    found = sheet.candidates([candidate_no])
    if candidate_no not in found:
        gone = _("Candidate %(no)s is withdrawn: there is no mark to amend.", no=candidate_no)
        advice = _("You can reject the request, and tell the centre why.")
        raise ConflictError(f"{gone} {advice}", slug="withdrawn")
    return found[candidate_no]


def _amend(sheet: HeldSheet, request: Request) -> None:
    """Put the mark that was asked for in the place of the one that counted."""
    candidate = _asked_for(sheet, request.candidate_no or "")
    _require_submitted(candidate)
    before = snapshot(candidate)
    _require_unchanged(request, before)
    put_mark(sheet.rules, candidate, as_amended(mark_of(candidate), _as_mark(request.asked)))
    candidate.clerical_error = None
    sheet.changed(candidate, before, how="amendment", why=request.reason)
    said = {
        "after": snapshot(candidate),
        "before": before,
        "amended_by": sheet.who.user_id,
        "amended_at": instant(clock.now()),
    }
    emit(
        sheet.session,
        "marks.amended.v1",
        str(sheet.key),
        event_data(request, request.reason) | said,
    )


def event_data(request: Request, why: str) -> dict[str, object]:
    """What the events of a request have in common."""
    return {
        "centre_no": request.centre_no,
        "paper_id": request.paper_id,
        "candidate_no": request.candidate_no,
        "request_id": request.id,
        "before": request.before,
        "after": request.asked,
        "why": why,
    }


def _as_mark(asked: Mapping[str, Any]) -> Mark:
    tasks = asked["tasks"]
    return Mark(
        None if tasks is None else tuple(tasks),
        asked["code"],
        asked["outcome"],
        asked["initials"],
    )
