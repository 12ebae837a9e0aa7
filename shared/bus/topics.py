"""Topic patterns as AMQP 0-9-1 has them."""

import functools
import re
from collections.abc import Callable

_WORD = r"[^.]*"


@functools.cache
def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern as a regular expression over `.`-terminated words."""
    return _compiled(pattern, re.escape)


def _compiled(pattern: str, named: Callable[[str], str]) -> re.Pattern[str]:
    words = (
        r"(?:[^.]*\.)*" if word == "#" else (_WORD if word == "*" else named(word)) + r"\."
        for word in pattern.split(".")
    )
    return re.compile("".join(words))


def matches(pattern: str, key: str) -> bool:
    """Whether a message with the routing key `key` goes to a queue bound with `pattern`."""
    return compiled(pattern).fullmatch(key + ".") is not None


def may_match(pattern: str, keys: str) -> bool:
    """Whether the pattern matches any of the routing keys, where `*` stands for one word each."""
    return bool(_compiled(pattern, _named_or_any).fullmatch(keys + "."))


def _named_or_any(word: str) -> str:
    return rf"(?:{re.escape(word)}|\*)"
