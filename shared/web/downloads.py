"""An answer that a browser keeps as a file."""

from collections.abc import Iterable
from urllib.parse import quote

from shared.web.routes import Reply


def download(content: bytes | Iterable[bytes], media: str, name: str) -> Reply:
    """A file to be kept under `name`."""
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Reply(content, content_type=media, headers=disposition)


def disposition(how: str, name: str) -> str:
    """The header that gives a file a name of any characters (RFC 6266)."""
    return f"{how}; filename*=UTF-8''{quote(name, safe='')}"
