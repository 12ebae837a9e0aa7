"""One file as `multipart/form-data` (RFC 7578), made piece by piece."""

from collections.abc import Iterator
from functools import partial

from urllib3.fields import RequestField
from werkzeug.datastructures import FileStorage

from services.gateway.upstream import CHUNK

FIELD = "file"


def multipart(file: FileStorage, boundary: str) -> Iterator[bytes]:
    """The body that holds `file`, with its name and content type as the browser gave them."""
    part = RequestField(FIELD, b"", filename=file.filename or "")
    part.make_multipart(content_type=file.mimetype or "application/octet-stream")
    yield f"--{boundary}\r\n{part.render_headers()}".encode()
    yield from iter(partial(file.stream.read, CHUNK), b"")
    yield f"\r\n--{boundary}--\r\n".encode()
