"""Queues of tools outside: what the adapters promise, and what they have in common.

A tool reads its own queue and nothing else. A forgotten one never fills the disk: its queue drops
the oldest events when it is full.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from shared.bus import EVENTS, Binding
from shared.bus.topics import matches, may_match
from shared.ids import CENTRE_NO

PREFIX = "iamis.tool."
NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
MOST_MESSAGES = 100_000
MOST_BYTES = 2**28
LIFE_SECONDS = 14 * 86_400

# `marks.submitted.v1`: a routing key begins with so many words, and the centre comes next.
TYPE_WORDS = 3
PATTERN = re.compile(r"(?:[A-Za-z0-9_-]+|[*#])(?:\.(?:[A-Za-z0-9_-]+|[*#]))*")
LONGEST_PATTERN = 255
SCHEMES = ("amqp", "amqps")


@dataclass(frozen=True)
class Tool:
    """A tool, the patterns it is bound with, and how many events wait for it."""

    name: str
    patterns: tuple[str, ...]
    waiting: int


class Tools(Protocol):
    """Who keeps the tools of a bus."""

    def add(self, name: str, bindings: Sequence[Binding]) -> str | None:
        """Make the tool's queue; returns the URL it connects with, where it needs one."""

    def all(self) -> list[Tool]:
        """The tools by name."""

    def bind(self, name: str, bindings: Sequence[Binding]) -> None:
        """Have the tool's queue bound with these and no others."""

    def remove(self, name: str) -> None:
        """Take the tool's access and its queue away, with what waits in it."""

    def close(self) -> None:
        """Let go of connections."""


def queue_of_tool(name: str) -> str:
    return f"{PREFIX}{name}"


def reached_at(url: str, at: str) -> str:
    """The tool's `url` at another address, amqps://host:port; raises `ValueError` if it is none."""
    wanted, parts = urlsplit(at), urlsplit(url)
    beside = wanted.username or wanted.path.strip("/") or wanted.query or wanted.fragment
    if wanted.scheme not in SCHEMES or not wanted.hostname or wanted.port == 0 or beside:
        raise ValueError(at)
    account = parts.netloc.rpartition("@")[0]
    return parts._replace(scheme=wanted.scheme, netloc=f"{account}@{wanted.netloc}").geturl()


def bindings_for(
    patterns: Sequence[str],
    centres: Sequence[str],
    told: Collection[str] = (),
    sealed: Collection[str] = (),
) -> list[Binding]:
    """What to bind; raises `ValueError` naming a pattern that is bad, or `sealed` altogether."""
    wanted = [_checked(pattern) for pattern in patterns]
    if centres:
        wanted = [f"{_of_types(one)}.{centre}.#" for one in wanted for centre in centres]
    for pattern in wanted:
        if not _unsealed(pattern, told, sealed):
            raise ValueError(pattern)
    return unsealed(wanted, told, sealed)


def unsealed(
    patterns: Sequence[str], told: Collection[str], sealed: Collection[str]
) -> list[Binding]:
    """The patterns without what no tool of a centre hears.

    One that names a centre and has something `sealed` is bound as those of its types that are
    `told`; the others stay as they are.
    """
    kept = [named for pattern in patterns for named in _unsealed(pattern, told, sealed)]
    return [Binding(EVENTS, pattern) for pattern in dict.fromkeys(kept)]


def _unsealed(pattern: str, told: Collection[str], sealed: Collection[str]) -> list[str]:
    words = pattern.split(".")
    types, rest = words[:TYPE_WORDS], words[TYPE_WORDS:]
    of_centre = rest and "#" not in types and CENTRE_NO.fullmatch(rest[0])
    of_type = ".".join(types)
    if not of_centre or not any(matches(of_type, key) for key in sealed):
        return [pattern]
    return [".".join((key, *rest)) for key in told if matches(of_type, key)]


def _checked(pattern: str) -> str:
    if len(pattern) > LONGEST_PATTERN or not PATTERN.fullmatch(pattern):
        raise ValueError(pattern)
    return pattern


def hears(pattern: str, types: Collection[str]) -> bool:
    """Whether an event of one of the types, of whatever centre and paper, comes to the pattern."""
    return any(may_match(pattern, f"{key}.*.*") for key in types)


def _of_types(pattern: str) -> str:
    """The pattern as one of types alone: `marks.submitted.#` is `marks.submitted.*`."""
    words = pattern.split(".")
    if words[-1] == "#":
        words.pop()
    if len(words) > TYPE_WORDS or "#" in words:
        raise ValueError(pattern)
    return ".".join(words + ["*"] * (TYPE_WORDS - len(words)))
