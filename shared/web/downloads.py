"""An answer that a browser keeps as a file."""

from collections.abc import Generator, Iterable
from dataclasses import replace
from itertools import chain
from urllib.parse import quote

from shared.web.routes import Reply


def download(content: bytes | Iterable[bytes], media: str, name: str) -> Reply:
    """A file to be kept under `name`."""
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Reply(content, content_type=media, headers=disposition)


def made_while_sent(content: Generator[bytes], media: str, name: str) -> Reply:
    """As `download`, of whatever length.

    The first of it is made before the answer begins: what fails there is told by its status.
    """
    first = next(content)
    return replace(download(chain((first,), content), media, name), on_close=content.close)


def disposition(how: str, name: str) -> str:
    """The header that gives a file a name of any characters (RFC 6266)."""
    return f"{how}; filename*=UTF-8''{quote(name, safe='')}"
