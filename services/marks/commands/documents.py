"""The document that a centre adds to an amendment request the board has not decided yet."""

from hashlib import sha256

from sqlalchemy.orm import Session

from services.marks.domain.documents import kind_of
from services.marks.domain.requests import RequestState
from services.marks.models import Paper, RequestDocument
from services.marks.queries.requests import (
    RequestJson,
    Wanted,
    locked_request,
    request_json,
    require_request,
)
from shared import audit, clock
from shared.access.principal import Principal
from shared.errors import ConflictError
from shared.i18n import gettext as _


def keep_document(
    session: Session, who: Principal, asked: Wanted, request_id: str, content: bytes
) -> RequestJson:
    """Keep a document of one of these requests, in the place of the one there may be.

    NotFoundError, UnprocessableError, or ConflictError where the board has decided.
    """
    require_request(session, asked, request_id)
    request = locked_request(session, request_id)
    kind = kind_of(content)
    if request.state != RequestState.REQUESTED.value:
        raise ConflictError(_("The board has decided this already."), slug="decided")
    document = session.get(RequestDocument, request_id) or RequestDocument(request_id=request_id)
    document.content, document.content_type, document.size = content, kind, len(content)
    document.sha256 = sha256(content).hexdigest()
    document.by_id, document.by, document.at = who.user_id, who.name, clock.now()
    session.add(document)
    kept = {"request": request_id, "sha256": document.sha256, "size": document.size}
    subject = f"{asked.key}/{request.candidate_no}"
    audit.record(session, who, "amendment.document_added", subject, audit.Change(after=kept))
    return request_json(request, session.get_one(Paper, request.paper_id), document)
