"""A file kept in a page between its check and its import: compressed, as text of a hidden field."""

import base64
import binascii
import zlib

from shared.errors import BadRequestError
from shared.i18n import gettext as _


def pack(content: bytes) -> str:
    return base64.b64encode(zlib.compress(content)).decode("ascii")


def unpack(packed: str, most: int) -> bytes:
    """The content, `BadRequestError` where it is none of ours or longer than `most` bytes."""
    opened = zlib.decompressobj()
    try:
        content = opened.decompress(base64.b64decode(packed, validate=True), most)
    except (binascii.Error, ValueError, zlib.error) as error:
        raise _broken() from error
    if not opened.eof:
        raise _broken()
    return content


def _broken() -> BadRequestError:
    return BadRequestError(_("The file did not come back whole. Please choose it again."))
