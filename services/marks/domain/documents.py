"""A document with an amendment request: a scan, a photograph or a page of a mark book."""

from collections.abc import Mapping
from types import MappingProxyType

from shared.errors import FieldError, PayloadTooLargeError, UnprocessableError
from shared.i18n import gettext as _

MOST_BYTES = 5 * 1024 * 1024
# By how a file of the kind begins: what a browser says of it is not believed.
_BEGINNINGS: Mapping[bytes, str] = MappingProxyType(
    {
        b"%PDF-": "application/pdf",
        b"\x89PNG\r\n\x1a\n": "image/png",
        b"\xff\xd8\xff": "image/jpeg",
    }
)
KINDS = tuple(_BEGINNINGS.values())
ENDINGS: Mapping[str, str] = MappingProxyType(dict(zip(KINDS, ("pdf", "png", "jpg"), strict=True)))


def kind_of(content: bytes) -> str:
    """The content type; PayloadTooLargeError, or UnprocessableError where it is none we take."""
    if len(content) > MOST_BYTES:
        said = _("A document has at most 5 MB.")
        raise PayloadTooLargeError(said, extra={"limit": MOST_BYTES})
    for beginning, kind in _BEGINNINGS.items():
        if content.startswith(beginning):
            return kind
    said = _("A document must be a PDF, or a picture in PNG or JPEG.")
    raise UnprocessableError(said, [FieldError("", said)])
