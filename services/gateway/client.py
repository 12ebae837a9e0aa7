"""What pages use to ask the services, in the name of the person who is signed in."""

import secrets
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from flask import json
from werkzeug.datastructures import FileStorage

from services.gateway.calls import JSON, NOTHING, Answer, Calls, Json
from services.gateway.multipart import multipart
from services.gateway.sessions import Sessions, SignedIn, session_ended
from shared.errors import ForbiddenError


class ConfirmationNeededError(ForbiddenError):
    """Whoever sits there is to give password and code once more, and then the same again."""

    default_slug = "reauthentication-required"


class Client:
    """Calls with the token of one browser session (none for nobody), renewed when need be."""

    def __init__(self, calls: Calls, sessions: Sessions, browser: SignedIn | None) -> None:
        self._calls = calls
        self._sessions = sessions
        self._browser = browser

    def get(self, path: str) -> Json:
        """The body of a successful GET; anything else is raised and becomes an error page."""
        answer = self.send("GET", path)
        if not answer.ok:
            raise answer.problem()
        return answer.body

    def part(self, path: str, absent: Json | None = None) -> Json | None:
        """As `get`, but `None` when the service is not available: for one part of a page.

        `absent`, where given, stands for what the service does not know (yet): no 404 is raised.
        """
        answer = self.send("GET", path)
        if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return None
        if answer.status == HTTPStatus.NOT_FOUND and absent is not None:
            return absent
        if not answer.ok:
            raise answer.problem()
        return answer.body

    def send(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, key: str = ""
    ) -> Answer:
        """Whatever the service answered, 503 when it is down; raises only when signed out.

        With a `key` (`Idempotency-Key`) the same sent twice is done once.
        """
        if body is None:
            return self.send_raw(method, path)
        return self.send_raw(method, path, json.dumps(body).encode(), {**JSON, **_once(key)})

    def send_raw(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        given: Mapping[str, str] = NOTHING,
    ) -> Answer:
        """As `send`, with a body of any kind, and the headers that tell of it."""
        return self._as_user(lambda token: self._calls.send(method, path, token, body, given))

    def send_file(self, path: str, file: FileStorage, key: str = "") -> Answer:
        """POST an uploaded file as multipart `file`, streamed from where the form parser put it.

        Sent again from its start where the token had to be renewed; `key` is as in `send`.
        """

        def send(token: str) -> Answer:
            file.stream.seek(0)
            return self._post(path, token, file, key)

        return self._as_user(send)

    def pass_on(self, path: str, query: str, file: FileStorage) -> Answer:
        """As `send_file`, of a file that is read as it comes, and so can be sent once alone.

        Whoever may not look at `path` sends nothing there, and the token is renewed by looking.
        """
        looked = self.send("GET", path)
        token = self._browser.token if self._browser else ""
        return self._post(f"{path}?{query}", token, file) if looked.ok else looked

    def _post(self, path: str, token: str, file: FileStorage, key: str = "") -> Answer:
        boundary = secrets.token_hex(16)
        given = {"Content-Type": f"multipart/form-data; boundary={boundary}"} | _once(key)
        return self._calls.send("POST", path, token, multipart(file, boundary), given)

    def _as_user(self, send: Callable[[str], Answer]) -> Answer:
        """`send` with the token of the person, and once more with a newer one where that helps."""
        if self._browser is None:
            return send("")
        self._browser = self._sessions.fresh(self._browser)
        answer = send(self._browser.token)
        if answer.renewable:
            self._browser = self._sessions.fresh(self._browser, rejected=self._browser.token)
            answer = send(self._browser.token)
        if answer.status == HTTPStatus.UNAUTHORIZED:
            raise session_ended()
        if answer.asks_who_it_is:
            raise ConfirmationNeededError(answer.detail)
        return answer


def _once(key: str) -> dict[str, str]:
    return {"Idempotency-Key": key} if key else {}
