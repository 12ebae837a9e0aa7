"""The gateway in a test: its real app before one small real server that plays every service."""

import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from flask import Flask, Response, json, request
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

TOKEN_FIELD = re.compile(r'name="csrf_token" value="([^"]+)"')
POLL_SECONDS = 0.01
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

CENTRE = {"centre_no": "68101", "name": "Ysgol <i>", "account_type": "user", "iamis": True}
TEACHER: dict[str, Any] = {
    "id": "u1",
    "email": "ann@example.org",
    "first_name": "Ann",
    "last_name": "O'Neill-Ŵyn <b>",
    "name": "Ann O'Neill-Ŵyn <b>",
    "role": "user",
    "centre_no": "68101",
    "centres": [CENTRE],
    "language": "en",
}
NEWCOMER = TEACHER | {"centres": [CENTRE | {"iamis": False}]}
BOARD_STAFF = TEACHER | {"role": "board", "centre_no": None, "centres": []}
APPOINTEE = TEACHER | {"role": "appointee", "centre_no": None, "centres": []}


@dataclass(frozen=True)
class Seen:
    """A request as the service received it."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


Answering = Callable[[], Response] | Response


@dataclass
class FakeServices:
    """Answers what a test lays down for a method and path, and remembers what was asked."""

    answers: dict[tuple[str, str], Answering] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)

    def __post_init__(self) -> None:
        app = Flask("fake", static_folder=None)
        app.add_url_rule("/<path:path>", view_func=self._answer, methods=METHODS)
        self._server = make_server("127.0.0.1", 0, app, threaded=True)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(POLL_SECONDS,), daemon=True
        )
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def _answer(self, path: str) -> Response:
        answer = self.answers.get((request.method, f"/{path}"))
        if not callable(answer) or isinstance(answer, Response):
            self.note(request.get_data())
            return answer or problem(404, "not-found")
        return answer()

    def note(self, body: bytes) -> None:
        """Remember the request that is being answered."""
        headers = dict(request.headers)
        self.seen.append(Seen(request.method, request.environ["RAW_URI"], headers, body))

    def says(self, method: str, path: str, body: object, status: int = 200) -> None:
        """Lay down a JSON answer."""
        self.answers[method, path] = Response(
            json.dumps(body), status, content_type="application/json"
        )

    def asked(self, path: str) -> list[Seen]:
        return [seen for seen in self.seen if seen.target.partition("?")[0] == path]

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def problem(status: int, slug: str, **headers: str) -> Response:
    body = {"type": f"urn:iamis:problem:{slug}", "status": status, "detail": f"refused: {slug}"}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(json.dumps(body), status, named, content_type="application/problem+json")


def tokens(number: int, user: object = None, seconds: int = 600) -> dict[str, Any]:
    """What identity answers at the end of a sign-in, or to a refresh."""
    return {
        "access_token": f"access-{number}",
        "refresh_token": f"refresh-{number}",
        "token_type": "Bearer",
        "expires_in": seconds,
        "user": user or TEACHER,
    }


class Browser:
    """A browser of one person: keeps cookies, and sends forms with the token of their page."""

    def __init__(self, app: Flask, fake: FakeServices) -> None:
        self.client = app.test_client()
        self._fake = fake

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.client.get(path, **options)

    def token(self, page: str = "/guide") -> str:
        found = TOKEN_FIELD.search(self.get(page).text)
        assert found, f"{page} has no form"
        return unescape(found[1])

    def submit(self, path: str, page: str | None = None, **fields: Any) -> TestResponse:
        """Fill in the form on `page` (or on `path` itself) and send it."""
        return self.client.post(path, data={"csrf_token": self.token(page or path), **fields})

    def sign_in(self, user: object = None, seconds: int = 600) -> "Browser":
        """Through the forms, as `user`; the access token is good for `seconds`."""
        self.finish_sign_in(user, seconds)
        return self

    def finish_sign_in(self, user: object = None, seconds: int = 600) -> TestResponse:
        """As `sign_in`; the answer to its last form."""
        says = self._fake.says
        says("POST", "/api/identity/sign-in", {"challenge": "c1", "mfa": "totp"})
        says("POST", "/api/identity/sign-in/totp", tokens(1, user, seconds))
        self.submit("/", email="ann@example.org", password="secret")
        answer = self.submit("/sign-in/code", code="123456")
        self._fake.seen.clear()
        return answer
