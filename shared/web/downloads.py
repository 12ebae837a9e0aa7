"""An answer that a browser keeps as a file."""

from collections.abc import Iterable

from shared.web.routes import Reply


def download(content: bytes | Iterable[bytes], media: str, name: str) -> Reply:
    """A file to be kept under `name`."""
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Reply(content, content_type=media, headers=disposition)
