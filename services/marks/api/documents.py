"""HTTP of the document with an amendment request."""

from services.marks.access import MAY_MARK, MAY_SEE_WHAT_IS_LEFT
from services.marks.api.request_kinds import SHEET
from services.marks.commands.documents import keep_document
from services.marks.domain.documents import ENDINGS, KINDS
from services.marks.domain.requests import Kind
from services.marks.domain.sheet import SheetKey
from services.marks.queries.requests import RequestJson, Wanted, document_of
from services.marks.routes import ROUTES
from shared.access.teaching_sets import only_sets
from shared.web.downloads import download
from shared.web.routes import Call, Json, Reply

_DOCUMENT = SHEET + "/amendment-requests/<request_id>/document"


@ROUTES.put(_DOCUMENT, access=MAY_MARK, raw=", ".join(KINDS), returns=RequestJson, refusals=(409,))
def put_document(call: Call, raw: bytes, centre_no: str, paper_id: str, request_id: str) -> Json:
    """Add a document of at most 5 MB while the board has not decided; what it is, is looked at."""
    asked = _wanted(call, centre_no, paper_id)
    return keep_document(call.session, call.principal, asked, request_id, raw)


@ROUTES.get(_DOCUMENT, access=MAY_SEE_WHAT_IS_LEFT, media=KINDS)
def get_document(call: Call, centre_no: str, paper_id: str, request_id: str) -> Reply:
    """The document of an amendment request, as an attachment."""
    document = document_of(call.session, _wanted(call, centre_no, paper_id), request_id)
    name = f"amendment-{centre_no}-{request_id}.{ENDINGS[document.content_type]}"
    return download(document.content, document.content_type, name)


def _wanted(call: Call, centre_no: str, paper_id: str) -> Wanted:
    """The amendment requests of a sheet for candidates whom the caller reaches."""
    sets = only_sets(call.principal, centre_no)
    return Wanted(Kind.AMENDMENT, key=SheetKey(centre_no, paper_id), sets=sets)
