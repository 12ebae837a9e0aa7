"""HTTP in, HTTP out: the files with a moderator's report."""

from flask import request

from services.reports.access import MAY_READ_MODERATOR_REPORT, MAY_WRITE_MODERATOR_REPORT
from services.reports.api.table import MODERATOR_REPORT, ROUTES
from services.reports.commands.report_files import add_file, check_file, remove_file
from services.reports.domain.moderator_report import LARGEST_FILE
from services.reports.queries.report_files import ReportFileJson, file_of
from shared.files import store
from shared.files.capacity import Capacity
from shared.files.incoming import IncomingFile, boundary_of, is_same_file
from shared.files.outgoing import ANY_TYPE, KeptFile, attachment
from shared.web.routes import Call, Json, Reply

_PATH = f"{MODERATOR_REPORT}/files"
_ONE = f"{_PATH}/<file_id>"
# Files that come in leave most threads to whoever reads.
CAPACITY = Capacity(4, 2)


def _is_same(earlier: Json, centre_no: str, **_path: str) -> bool:
    with CAPACITY.place(centre_no):
        return is_same_file(request, earlier)


@ROUTES.post(
    _PATH,
    access=MAY_WRITE_MODERATOR_REPORT,
    streams=True,
    status=201,
    returns=ReportFileJson,
    refusals=(400, 409, 413, 415, 422),
    is_same=_is_same,
)
def add_moderator_report_file(call: Call, centre_no: str, paper_id: str) -> Reply:
    """Add a file (multipart `file`, at most 20 MB) to a report that is written; it has at most 10.

    The report is another version with it.
    """
    sheet = (centre_no, paper_id)
    boundary = boundary_of(request, LARGEST_FILE)
    check_file(call.database, sheet)
    with CAPACITY.place(centre_no):
        incoming = IncomingFile(request.stream, boundary, LARGEST_FILE)
        return Reply(add_file(call.database, store.bucket(), call.principal, sheet, incoming))


@ROUTES.get(_ONE, access=MAY_READ_MODERATOR_REPORT, media=ANY_TYPE, also=(206,), refusals=(416,))
def get_moderator_report_file(call: Call, centre_no: str, paper_id: str, file_id: str) -> Reply:
    """A file with the moderator's report, to be saved; for the centre not before results day."""
    row = file_of(call.session, (centre_no, paper_id), file_id)
    kept = KeptFile(row.object_key, row.name, row.media_type, row.size, row.sha256)
    return attachment(kept, store.bucket())


@ROUTES.delete(_ONE, access=MAY_WRITE_MODERATOR_REPORT, status=204)
def remove_moderator_report_file(call: Call, centre_no: str, paper_id: str, file_id: str) -> None:
    """Remove a file from the report, which is another version without it."""
    remove_file(call.session, call.principal, (centre_no, paper_id), file_id)
