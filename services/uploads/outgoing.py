"""A file on its way out: whole or in part, in chunks, and so that nothing in it can run."""

from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import quote

from flask import request
from werkzeug.http import parse_if_range_header, parse_range_header

from services.uploads.domain.kinds import BYTES
from services.uploads.domain.rules import check_download, check_preview
from services.uploads.models import EvidenceFile
from shared.errors import RangeNotSatisfiableError
from shared.i18n import gettext as _
from shared.storage import Storage
from shared.web.routes import Reply

SANDBOX = "default-src 'none'; sandbox"
# Browsers refuse to show a PDF in a sandbox, and players in one ask for sound and films without
# who they are; nothing of these runs in this origin.
PLAYED = ("audio/", "video/")
PDF = "application/pdf"
UNBOXED = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; media-src 'self'"
# Browsers run these where they get to show them. They are told it is bytes.
RUNNING = ("html", "xml", "javascript", "ecmascript", "svg")


def attachment(file: EvidenceFile, storage: Storage) -> Reply:
    """The file to be saved, never shown."""
    check_download(file.status)
    named = f"attachment; filename*=UTF-8''{quote(file.name, safe='')}"
    runs = any(part in file.content_type for part in RUNNING)
    content_type = BYTES if runs else file.content_type
    headers = {"Content-Disposition": named, "Content-Security-Policy": SANDBOX}
    return _sent(file, storage, content_type, headers)


def preview(file: EvidenceFile, storage: Storage) -> Reply:
    """The file to be shown by a browser as what it was recognised as, where that is safe."""
    check_download(file.status)
    shown_as = check_preview(file.shown_as)
    named = f"inline; filename*=UTF-8''{quote(file.name, safe='')}"
    unboxed = shown_as == PDF or shown_as.startswith(PLAYED)
    policy = UNBOXED if unboxed else SANDBOX
    headers = {"Content-Disposition": named, "Content-Security-Policy": policy}
    return _sent(file, storage, shown_as, headers)


def _sent(
    file: EvidenceFile, storage: Storage, content_type: str, headers: Mapping[str, str]
) -> Reply:
    start, stop = _wanted(file)
    content = storage.open(file.object_key, start, stop - start)
    part = (start, stop) != (0, file.size)
    about = {"Content-Range": f"bytes {start}-{stop - 1}/{file.size}"} if part else {}
    return Reply(
        iter(content),
        status=HTTPStatus.PARTIAL_CONTENT if part else None,
        content_type=content_type,
        headers={
            **headers,
            **about,
            "Accept-Ranges": "bytes",
            "Content-Length": str(stop - start),
            "ETag": f'"{file.sha256}"',
        },
        on_close=content.close,
    )


def _wanted(file: EvidenceFile) -> tuple[int, int]:
    """The first byte that is asked for and the one after the last (RFC 9110, section 14).

    Several ranges at once, and those of a file that is another one by now, get the whole.
    """
    whole = (0, file.size)
    asked = parse_range_header(request.headers.get("Range"))
    if request.method != "GET" or asked is None or asked.units != "bytes":
        return whole
    condition = request.headers.get("If-Range")
    if condition is not None and parse_if_range_header(condition).etag != file.sha256:
        return whole
    if len(asked.ranges) != 1:
        return whole
    found = asked.range_for_length(file.size)
    if found is None:
        raise RangeNotSatisfiableError(
            _("The file has %(size)s bytes, and not the ones asked for.", size=file.size),
            headers={"Content-Range": f"bytes */{file.size}"},
        )
    return found
