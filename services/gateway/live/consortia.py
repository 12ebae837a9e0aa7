"""What a reader is told of consortia: those that have a centre of theirs, and of no others."""

import json
from collections.abc import Collection

from shared.access.principal import Principal


def known_to(who: Principal, moderated: Collection[str]) -> Collection[str] | None:
    """The centres whose consortia the reader may know; None for all.

    A tool that is held to centres is told as they are; a moderator of those of their sheets.
    """
    if who.kind == "board" or (who.kind == "service" and not who.only_centres):
        return None
    if who.kind == "service":
        return who.only_centres
    return who.centres.keys() if who.kind == "centre" else moderated


def without_others(frame: bytes, centres: Collection[str] | None) -> bytes:
    """The event without the consortia that none of these centres is in."""
    if centres is None:
        return frame
    event = json.loads(frame)
    consortia = event["data"].get("consortia")
    if not consortia:
        return frame
    event["data"]["consortia"] = [one for one in consortia if not set(one).isdisjoint(centres)]
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
