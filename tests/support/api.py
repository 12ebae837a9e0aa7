"""A client of the HTTP contract, written from it alone: what a tool outside would do."""

import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import pyotp
import urllib3

STEP_SECONDS = 30
HALF_LIFE_SECONDS = 300
RECENT_SECONDS = 600


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.content)

    def expect(self, status: int) -> Any:
        """The JSON of the answer; fails with the whole answer where the status is another."""
        assert self.status == status, f"{self.status}: {self.content[:2000]!r}"
        return self.json if self.content else None


@dataclass
class Api:
    """One account's client; without a token it is nobody's."""

    base_url: str
    token: str = ""
    user: dict[str, Any] = field(default_factory=dict)
    refresh_token: str = ""
    begun: float = field(default_factory=time.monotonic)
    since: float = field(default_factory=time.monotonic)
    pool: urllib3.PoolManager = field(
        default_factory=lambda: urllib3.PoolManager(timeout=30, retries=False, maxsize=8)
    )

    def call(
        self, method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send JSON (or bytes as they are, with their own Content-Type)."""
        sent = dict(headers or {})
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            sent["Content-Type"] = "application/json"
        return self._send(method, path, body, sent)

    def _send(self, method: str, path: str, body: Any, headers: Mapping[str, str]) -> Answer:
        answer = self.pool.request(method, self.base_url + path, body=body, headers=headers)
        assert answer.headers["X-Request-ID"]
        return Answer(answer.status, answer.headers, answer.data)

    def get(self, path: str, **headers: str) -> Answer:
        return self.call("GET", path, headers=headers)

    def post(self, path: str, body: object = None, **headers: str) -> Answer:
        return self.call("POST", path, body, headers)

    def post_csv(self, path: str, text: str) -> Answer:
        return self.call("POST", path, text.encode(), {"Content-Type": "text/csv"})

    def upload(
        self, path: str, name: str, content: bytes | Iterable[bytes], **given: str
    ) -> Answer:
        """Send one file as multipart/form-data; an iterable is streamed, never held whole."""
        boundary = "iamis-test-boundary"
        head = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        ).encode()
        pieces = [content] if isinstance(content, bytes) else content
        headers = {
            "Content-Type": f"multipart/form-data; boundary={boundary}",
            "Authorization": f"Bearer {self.token}",
        } | given

        def parts() -> Iterable[bytes]:
            yield head
            yield from pieces
            yield f"\r\n--{boundary}--\r\n".encode()

        return self._send("POST", path, parts(), headers)

    @classmethod
    def signed_in(cls, base_url: str, account: Mapping[str, str]) -> Self:
        """Sign in with password and TOTP; a code already used waits for the next one."""
        api = cls(base_url)
        for _each in range(3):
            given = {"email": account["email"], "password": account["password"]}
            step = api.post("/api/identity/sign-in", given).expect(200)
            assert step["mfa"] == "totp"
            code = pyotp.TOTP(account["totp_secret"]).now()
            body = {"challenge": step["challenge"], "code": code}
            answer = api.post("/api/identity/sign-in/totp", body)
            if answer.status == 200:
                api.accept(answer.json)
                return api
            assert answer.status == 401, answer
            time.sleep(STEP_SECONDS - time.time() % STEP_SECONDS + 0.5)
        message = f"{account['email']} cannot sign in"
        raise AssertionError(message)

    @property
    def is_recent(self) -> bool:
        """Whether the sign-in is young enough to change the rights of others, and stays so."""
        return time.monotonic() - self.begun < RECENT_SECONDS

    def renew(self) -> None:
        """Go on with fresh tokens where these are half over: a run may outlast them."""
        if time.monotonic() - self.since > HALF_LIFE_SECONDS:
            body = {"refresh_token": self.refresh_token}
            self.accept(self.post("/api/identity/token/refresh", body).expect(200))

    def accept(self, tokens: Mapping[str, Any]) -> None:
        self.since = time.monotonic()
        assert tokens["token_type"] == "Bearer"
        self.token, self.refresh_token = tokens["access_token"], tokens["refresh_token"]
        self.user = tokens["user"]


class SignedIn:
    """Clients of accounts, each signed in once: anew when that is long ago, renewed in between."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url
        self._clients: dict[str, Api] = {}

    def as_(self, account: Mapping[str, str]) -> Api:
        email = account["email"]
        if email not in self._clients or not self._clients[email].is_recent:
            self._clients[email] = Api.signed_in(self._base_url, account)
        self._clients[email].renew()
        return self._clients[email]


def paper(code: str, **changes: Any) -> dict[str, Any]:
    """The body of `POST /api/marks/papers`: one task of 100, sampled by rank order."""
    return {
        "code": code,
        "title": "HISTORY",
        "unit": "UNIT 4",
        "qualification": "GCSE",
        "series": {"month": "JUNE", "year": 2031},
        "board": "WJEC",
        "tasks": [{"name": "Task 1", "max": 100}],
        "outcomes": None,
        "linear": False,
        "initials_required": False,
        "sample_policy": "wjec-rank-order",
        "upload": "candidate",
        "tolerance": 3,
        "marks_deadline": "2031-05-05",
        "sample_deadline": "2031-05-31",
        "evidence_until": "2031-06-30",
        "results_day": "2031-08-21T09:30:00+01:00",
    } | changes


ENTRY_COLUMNS = (
    "series,qualification,centre_no,paper_code,candidate_no,uci,surname,forenames,dob,"
    "teaching_set,action"
)


def entries(code: str, centre_no: str, numbers: Iterable[int], action: str = "A") -> str:
    """An entries file of GCSE JUNE 2031 for one paper."""
    lines = [
        f"JUNE 2031,GCSE,{centre_no},{code},{number:04d},,O'Neill-Ŵyn,Siân {number},2015-02-28,"
        f"10A,{action}"
        for number in numbers
    ]
    return "\n".join([ENTRY_COLUMNS, *lines, ""])
