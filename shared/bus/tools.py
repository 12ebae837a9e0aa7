"""Queues of tools outside: what the adapters promise, and what they have in common.

A tool reads its own queue and nothing else. A forgotten one never fills the disk: its queue drops
the oldest events when it is full.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from shared.bus import EVENTS, Binding

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


def bindings_for(patterns: Sequence[str], centres: Sequence[str]) -> list[Binding]:
    """What to bind, each pattern for each centre; raises `ValueError` naming a bad pattern."""
    wanted = [_checked(pattern) for pattern in patterns]
    if centres:
        wanted = [_of_centre(pattern, centre) for pattern in wanted for centre in centres]
    return [Binding(EVENTS, pattern) for pattern in dict.fromkeys(wanted)]


def _checked(pattern: str) -> str:
    if len(pattern) > LONGEST_PATTERN or not PATTERN.fullmatch(pattern):
        raise ValueError(pattern)
    return pattern


def _of_centre(pattern: str, centre: str) -> str:
    """The pattern narrowed to a centre: `marks.submitted.#` is `marks.submitted.*.68101.#`."""
    words = pattern.split(".")
    if words[-1] == "#":
        words.pop()
    if len(words) > TYPE_WORDS or "#" in words:
        raise ValueError(pattern)
    words += ["*"] * (TYPE_WORDS - len(words))
    return ".".join([*words, centre, "#"])
