"""Topic patterns as AMQP 0-9-1 has them."""

import functools
import re

_WORD = r"[^.]*"


@functools.cache
def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern as a regular expression over `.`-terminated words."""
    words = (
        r"(?:[^.]*\.)*" if word == "#" else (_WORD if word == "*" else re.escape(word)) + r"\."
        for word in pattern.split(".")
    )
    return re.compile("".join(words))


def matches(pattern: str, key: str) -> bool:
    """Whether a message with the routing key `key` goes to a queue bound with `pattern`."""
    return compiled(pattern).fullmatch(key + ".") is not None
