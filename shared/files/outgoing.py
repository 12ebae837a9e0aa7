"""A file on its way out: whole or in part, in chunks, and so that nothing in it can run."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from flask import request
from werkzeug.http import parse_if_range_header, parse_range_header

from shared.errors import RangeNotSatisfiableError
from shared.files.kinds import BYTES
from shared.i18n import gettext as _
from shared.storage import Storage
from shared.web.downloads import disposition
from shared.web.routes import Reply

SANDBOX = "default-src 'none'; sandbox"
# Browsers run these where they get to show them. They are told it is bytes.
RUNNING = ("html", "xml", "javascript", "ecmascript", "svg")
# What a route that sends files declares: files are of any type.
ANY_TYPE = ("*/*",)


@dataclass(frozen=True)
class KeptFile:
    """What is known of a file that the store has under `key`; `size` is in bytes."""

    key: str
    name: str
    content_type: str
    size: int
    sha256: str


def attachment(file: KeptFile, storage: Storage) -> Reply:
    """The file to be saved, never shown."""
    runs = any(part in file.content_type for part in RUNNING)
    content_type = BYTES if runs else file.content_type
    named = disposition("attachment", file.name)
    headers = {"Content-Disposition": named, "Content-Security-Policy": SANDBOX}
    return sent(file, storage, content_type, headers)


def sent(file: KeptFile, storage: Storage, content_type: str, headers: Mapping[str, str]) -> Reply:
    """The bytes of the file, or those that are asked for, as `content_type`."""
    start, stop = _wanted(file)
    content = storage.open(file.key, start, stop - start)
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


def _wanted(file: KeptFile) -> tuple[int, int]:
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
