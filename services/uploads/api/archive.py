"""HTTP in, HTTP out: all evidence of a sheet in one archive."""

from urllib.parse import quote

from services.uploads import queries
from services.uploads.access import MAY_LOOK
from services.uploads.api.table import ROUTES, SHEET
from services.uploads.archive import archive_of
from services.uploads.domain.rules import Place
from shared.access.teaching_sets import candidates_of
from shared.files import store
from shared.files.kinds import ZIP
from shared.web.routes import Call, Reply


@ROUTES.get(f"{SHEET}/files/archive", access=MAY_LOOK, media=(ZIP,))
def download_archive(call: Call, centre_no: str, paper_id: str) -> Reply:
    """All evidence of a sheet as one ZIP, in a folder for each candidate and one for the group."""
    place = Place(centre_no, paper_id)
    name = queries.folder_of_sheet(call.session, place)
    there = candidates_of(call.session, call.principal, centre_no, paper_id)
    files = queries.accepted_files(call.session, call.principal, place, there)
    archive = archive_of(store.bucket(), name, files)
    return Reply(
        archive,
        content_type=ZIP,
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}.zip",
            "Content-Length": str(len(archive)),
        },
        on_close=archive.close,
    )
