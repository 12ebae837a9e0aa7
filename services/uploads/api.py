"""HTTP in, HTTP out: the evidence of a candidate and of the group."""

from urllib.parse import quote

from flask import Request, request

from services.uploads import commands, queries, store
from services.uploads.access import MAY_CHANGE, MAY_LOOK
from services.uploads.capacity import CAPACITY
from services.uploads.domain.rules import Place
from services.uploads.incoming import IncomingFile, broken
from services.uploads.queries import FileJson, FilesJson, SheetFilesJson
from shared.errors import PayloadTooLargeError, UnsupportedMediaTypeError
from shared.i18n import gettext as _
from shared.settings import settings
from shared.web.routes import Call, Reply, Routes

ROUTES = Routes("uploads")

SHEET = "/centres/<centre_no>/papers/<paper_id>"
OF_CANDIDATE = f"{SHEET}/candidates/<candidate_no>/files"
OF_GROUP = f"{SHEET}/group-files"
UPLOAD_REFUSALS = (400, 409, 413, 415, 422)
ANY_TYPE = ("*/*",)
MULTIPART = "multipart/form-data"
# What a multipart body holds around the file: boundaries, headers, fields of a form.
AROUND_BYTES = 2**20


@ROUTES.get(f"{SHEET}/files", access=MAY_LOOK, returns=SheetFilesJson)
def list_files_of_sheet(call: Call, centre_no: str, paper_id: str) -> SheetFilesJson:
    """All evidence of a sheet, by sampled candidate and for the group."""
    return queries.files_of_sheet(call.session, Place(centre_no, paper_id))


@ROUTES.get(OF_CANDIDATE, access=MAY_LOOK, returns=FilesJson)
def list_files(call: Call, **path: str) -> FilesJson:
    """The files of a sampled candidate."""
    return queries.files_at(call.session, Place(**path))


@ROUTES.get(OF_GROUP, access=MAY_LOOK, returns=FilesJson)
def list_group_files(call: Call, **path: str) -> FilesJson:
    """The files of the whole group."""
    return queries.files_at(call.session, Place(**path))


@ROUTES.post(
    OF_CANDIDATE,
    access=MAY_CHANGE,
    streams=True,
    status=201,
    returns=FileJson,
    refusals=UPLOAD_REFUSALS,
)
def upload_file(call: Call, **path: str) -> FileJson:
    """Upload a file of a sampled candidate."""
    return _upload(call, Place(**path))


@ROUTES.post(
    OF_GROUP,
    access=MAY_CHANGE,
    streams=True,
    status=201,
    returns=FileJson,
    refusals=UPLOAD_REFUSALS,
)
def upload_group_file(call: Call, **path: str) -> FileJson:
    """Upload a file that belongs to the whole group."""
    return _upload(call, Place(**path))


@ROUTES.get(f"{OF_CANDIDATE}/<file_id>", access=MAY_LOOK, media=ANY_TYPE)
def download_file(call: Call, file_id: str, **path: str) -> Reply:
    """The bytes of a candidate's file."""
    return _download(call, Place(**path), file_id)


@ROUTES.get(f"{OF_GROUP}/<file_id>", access=MAY_LOOK, media=ANY_TYPE)
def download_group_file(call: Call, file_id: str, **path: str) -> Reply:
    """The bytes of a file of the group."""
    return _download(call, Place(**path), file_id)


@ROUTES.delete(f"{OF_CANDIDATE}/<file_id>", access=MAY_CHANGE, status=204, refusals=(409,))
def delete_file(call: Call, file_id: str, **path: str) -> None:
    """Delete a candidate's file."""
    commands.delete_file(call.session, call.principal, Place(**path), file_id)


@ROUTES.delete(f"{OF_GROUP}/<file_id>", access=MAY_CHANGE, status=204, refusals=(409,))
def delete_group_file(call: Call, file_id: str, **path: str) -> None:
    """Delete a file of the group."""
    commands.delete_file(call.session, call.principal, Place(**path), file_id)


def _upload(call: Call, place: Place) -> FileJson:
    boundary = _boundary(request)
    commands.check_upload(call.database, place)
    incoming = IncomingFile(request.stream, boundary)
    with CAPACITY.place(place.centre_no):
        return commands.keep_file(call.database, store.evidence(), call.principal, place, incoming)


def _boundary(asked: Request) -> bytes:
    """What separates the parts of the body; 415, 413 and 400 as far as the headers tell."""
    if asked.mimetype != MULTIPART:
        raise UnsupportedMediaTypeError(_("Send the body as %(type)s.", type=MULTIPART))
    limit = settings().max_file_bytes
    if (asked.content_length or 0) > limit + AROUND_BYTES:
        raise PayloadTooLargeError(
            _("The file is larger than %(limit)s bytes.", limit=limit), extra={"limit": limit}
        )
    boundary = asked.mimetype_params.get("boundary", "")
    if not boundary:
        raise broken()
    return boundary.encode()


def _download(call: Call, place: Place, file_id: str) -> Reply:
    file = queries.file_at(call.session, place, file_id)
    content = store.evidence().open(file.object_key)
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}",
        "Content-Length": str(file.size),
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return Reply(
        iter(content), content_type=file.content_type, headers=headers, on_close=content.close
    )
