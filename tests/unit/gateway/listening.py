"""Listening to the stream of events, as a client does."""

import json
import threading
from dataclasses import replace
from typing import Any

import pytest
from werkzeug.test import TestResponse

from services.gateway.live import hub, stream
from shared.access.principal import Principal
from tests.support.service import principal


class Listening:
    """An open stream, read one event after the other until a comment says that all is quiet."""

    def __init__(self, answer: TestResponse) -> None:
        assert answer.status_code == 200, answer.text
        assert answer.mimetype == "text/event-stream"
        self.answer = answer
        self._frames = iter(answer.iter_encoded())
        assert next(self._frames) == b"retry: 2000\n\n"

    def told(self) -> list[tuple[int, dict[str, Any]]]:
        found = []
        for frame in self._frames:
            if frame == stream.HEARTBEAT:
                break
            found.append(self._read(frame.decode()))
        return found

    @staticmethod
    def _read(frame: str) -> tuple[int, dict[str, Any]]:
        number, data = frame.removesuffix("\n\n").split("\n")
        return int(number.removeprefix("id: ")), json.loads(data.removeprefix("data: "))

    def keys(self) -> list[str]:
        return [event["type"].removeprefix("iamis.") for _number, event in self.told()]

    def raw(self) -> bytes:
        return next(self._frames)

    def ends(self) -> bool:
        return all(frame == stream.HEARTBEAT for frame in self._frames)


def tool(scope: str = "", *centres: str) -> Principal:
    """A service account with a scope, held to these centres if any."""
    account = principal("service")
    return replace(account, scopes=frozenset({scope}), only_centres=frozenset(centres))


def note_ends(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Set as soon as the reader has hung up on somebody."""
    ended = threading.Event()
    end = hub.Listener.end

    def noted(listener: hub.Listener) -> None:
        end(listener)
        ended.set()

    monkeypatch.setattr(hub.Listener, "end", noted)
    return ended
