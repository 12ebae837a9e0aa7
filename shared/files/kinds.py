"""What a file is, by looking at how it begins: neither its name nor its sender is believed."""

from dataclasses import dataclass

import puremagic

# As much of a file as is looked at.
HEAD_BYTES = 8 * 1024
# A byte of a signature counts a tenth: two bytes may be there by chance, in any text.
LEAST_CONFIDENCE = 0.3
ARCHIVE = b"PK\x03\x04"
ZIP = "application/zip"
BYTES = "application/octet-stream"

# What a browser shows without running anything of it; the others are handed out as files only.
SAFE_TO_SHOW = frozenset(
    {
        "application/pdf",
        "audio/aac",
        "audio/flac",
        "audio/mp4",
        "audio/mpeg",
        "audio/ogg",
        "audio/wav",
        "image/bmp",
        "image/gif",
        "image/jpeg",
        "image/png",
        "image/webp",
        "video/mp4",
        "video/ogg",
        "video/quicktime",
        "video/webm",
    }
)
SAME = {"audio/wave": "audio/wav", "audio/x-wav": "audio/wav", "audio/mp3": "audio/mpeg"}


@dataclass(frozen=True)
class Kind:
    """`content_type` is what the file is told to be; `shown_as` what it may be shown as, if at all.

    Only what was recognised is shown; where nothing was, the sender's word stands for the rest.
    """

    content_type: str
    shown_as: str | None = None


def kind_of(head: bytes, said: str) -> Kind:
    """What begins with `head`; its sender said that it is `said`."""
    seen = _recognised(head)
    if not seen:
        return Kind(said)
    known = said if said in seen else _first(head, seen)
    return Kind(known, known if known in SAFE_TO_SHOW else None)


def _first(head: bytes, seen: list[str]) -> str:
    # Documents of many programs are archives, and begin alike.
    return ZIP if head.startswith(ARCHIVE) else seen[0]


def _recognised(head: bytes) -> list[str]:
    """The types whose signature `head` bears, the likeliest first."""
    try:
        found = puremagic.magic_string(head[:HEAD_BYTES])
    except (puremagic.PureError, ValueError):
        return []
    likely = (one.mime_type for one in found if one.confidence >= LEAST_CONFIDENCE)
    return list(dict.fromkeys(SAME.get(one, one) for one in likely if one))
