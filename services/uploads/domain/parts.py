"""How a file is cut into parts, and whether all of them are there."""

import hashlib
import re
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass

from shared.errors import ConflictError, FieldError, PayloadTooLargeError, UnprocessableError
from shared.i18n import gettext as _

PART_BYTES = 8 * 2**20
SHA_256 = re.compile(r"\bsha-256=:([A-Za-z0-9+/]{43}=):")


@dataclass(frozen=True)
class Cut:
    """A file of `size` bytes in parts of `PART_BYTES`, the last one shorter; they count from 1."""

    size: int

    @property
    def parts(self) -> int:
        return -(-self.size // PART_BYTES)

    def bytes_of(self, number: int) -> int:
        """The size of a part; 0 for one that the file does not have."""
        if not 1 <= number <= self.parts:
            return 0
        return min(PART_BYTES, self.size - (number - 1) * PART_BYTES)

    def missing(self, there: Mapping[int, int]) -> list[int]:
        """The parts that are not there whole, of those there are by number and size."""
        numbers = range(1, self.parts + 1)
        return [number for number in numbers if there.get(number) != self.bytes_of(number)]


def check_size(size: int, largest: int) -> None:
    """Raise what stands against a file of that size."""
    if size > largest:
        raise PayloadTooLargeError(
            _("The file is larger than %(limit)s bytes.", limit=largest), extra={"limit": largest}
        )


def check_part(cut: Cut, number: int, size: int | None) -> int:
    """The size a part must have; `UnprocessableError` where another one is announced."""
    expected = cut.bytes_of(number)
    if not expected:
        raise _refused("/part", _("The file has %(parts)s parts.", parts=cut.parts))
    if size != expected:
        raise _refused(
            "/part", _("Part %(number)s has %(size)s bytes.", number=number, size=expected)
        )
    return expected


def check_whole(cut: Cut, there: Mapping[int, int]) -> None:
    """Raise `ConflictError`, naming them, where parts are missing."""
    missing = cut.missing(there)
    if missing:
        raise ConflictError(
            _("Not all of the file is there yet."),
            slug="parts-missing",
            extra={"missing": missing},
        )


def check_content(claimed: str | None, stored: str) -> None:
    """Raise where the store has something else than was sent."""
    if claimed is not None and claimed.lower() != stored:
        raise _differs()


def check_digest(header: str | None, part: bytes | memoryview) -> None:
    """Raise where a part is not what its `Content-Digest` says; other digests are passed over."""
    said = SHA_256.search(header or "")
    if said and b64decode(said[1]) != hashlib.sha256(part).digest():
        raise _differs()


def _differs() -> UnprocessableError:
    said = _("What arrived is not what was sent: the file may have changed. Upload it again.")
    return _refused("/sha256", said, "content-differs")


def _refused(pointer: str, sentence: str, slug: str = "") -> UnprocessableError:
    return UnprocessableError(sentence, errors=[FieldError(pointer, sentence)], slug=slug)
