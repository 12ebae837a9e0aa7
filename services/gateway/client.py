"""What pages use to ask the services, in the name of the person who is signed in."""

import secrets
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from werkzeug.datastructures import FileStorage

from services.gateway.calls import Answer, Calls, Json
from services.gateway.multipart import multipart
from services.gateway.sessions import Sessions, SignedIn, session_ended


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

    def part(self, path: str) -> Json | None:
        """As `get`, but `None` when the service is not available: for one part of a page."""
        answer = self.send("GET", path)
        if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return None
        if not answer.ok:
            raise answer.problem()
        return answer.body

    def send(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Answer:
        """Whatever the service answered, 503 when it is down; raises only when signed out."""
        if self._browser is None:
            return self._calls.ask(method, path, body)
        self._browser = self._sessions.fresh(self._browser)
        answer = self._calls.ask(method, path, body, self._browser.token)
        if answer.renewable:
            self._browser = self._sessions.fresh(self._browser, rejected=self._browser.token)
            answer = self._calls.ask(method, path, body, self._browser.token)
        if answer.status == HTTPStatus.UNAUTHORIZED:
            raise session_ended()
        return answer

    def send_file(self, path: str, file: FileStorage) -> Answer:
        """POST one uploaded file as multipart `file`, streamed from where the parser put it."""
        token = ""
        if self._browser is not None:
            self._browser = self._sessions.fresh(self._browser)
            token = self._browser.token
        boundary = secrets.token_hex(16)
        content_type = f"multipart/form-data; boundary={boundary}"
        return self._calls.send("POST", path, token, multipart(file, boundary), content_type)
