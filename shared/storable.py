"""What databases take as text: all but U+0000, and halves of surrogate pairs, which JSON spells."""

import re

_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")


def is_storable(text: str) -> bool:
    return not _UNSTORABLE.search(text)
