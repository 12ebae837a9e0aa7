"""Changing the signing key while people work: nobody notices."""

import json
import threading

import jwt
import pytest

from tests.integration.conftest import Accounts
from tests.support.api import Api
from tests.support.operator import iamis
from tests.support.stack import Stack
from tests.support.waiting import wait_for

AHEAD_SECONDS = 5
WORKERS = 3
PATHS = (
    "/api/identity/me",
    "/api/marks/centres/{}/papers",
    "/api/reports/centres/{}/papers",
)


def kid_of(token: str) -> str:
    return str(jwt.get_unverified_header(token)["kid"])


class Worker(threading.Thread):
    """Asks one service after the other, with tokens renewed all the time."""

    def __init__(self, api: Api, centre_no: str) -> None:
        super().__init__(daemon=True)
        self.api = Api(api.base_url, api.token, dict(api.user), api.refresh_token)
        self._paths = [path.format(centre_no) for path in PATHS]
        self.stop = threading.Event()
        self.answered: list[int] = []

    def run(self) -> None:
        while not self.stop.is_set():
            self.answered += [self.api.get(path).status for path in self._paths]
            body = {"refresh_token": self.api.refresh_token}
            answer = self.api.post("/api/identity/token/refresh", body)
            self.answered.append(answer.status)
            if answer.status == 200:
                self.api.accept(answer.json)

    def end(self) -> None:
        self.stop.set()
        self.join()


def test_no_request_is_refused(stack: Stack, accounts: Accounts) -> None:
    (public,) = Api(stack.base_url).get("/api/identity/.well-known/jwks.json").expect(200)["keys"]
    workers = [
        Worker(Api.signed_in(stack.base_url, account), accounts.centre_no)
        for account in _of_centre(stack, accounts.centre_no)[:WORKERS]
    ]
    for worker in workers:
        worker.start()
    try:
        rotated = iamis(stack.path, "keys", "rotate", "--after", str(AHEAD_SECONDS))
        assert rotated.status == 0, rotated.seen
        wait_for("all sign with the new key", lambda: _all_new(workers, public["kid"]), 60)
        counts = [len(worker.answered) for worker in workers]
        wait_for("they go on with it", lambda: _went_on(workers, counts), 60)
    finally:
        for worker in workers:
            worker.end()
    answered = [status for worker in workers for status in worker.answered]
    print(f"{len(answered)} requests while the key changed")
    assert set(answered) == {200}
    known = {key["kid"] for key in json.loads(_jwks_file(stack))["keys"]}
    assert len(known) == 2


def _of_centre(stack: Stack, centre_no: str) -> list[dict[str, str]]:
    return [
        account
        for account in stack.accounts
        if account["centre_no"] == centre_no and account["role"] in {"admin", "user"}
    ]


def _all_new(workers: list[Worker], old: str) -> bool:
    return all(kid_of(worker.api.token) != old for worker in workers)


def _went_on(workers: list[Worker], counts: list[int]) -> bool:
    return all(
        len(worker.answered) > count + 8 for worker, count in zip(workers, counts, strict=True)
    )


def _jwks_file(stack: Stack) -> str:
    return (stack.path / "run" / "jwks.json").read_text(encoding="utf-8")


@pytest.mark.long
def test_secrets_are_sealed_anew_while_people_work(stack: Stack, accounts: Accounts) -> None:
    """In every service; who asks meanwhile is answered."""
    account = _of_centre(stack, accounts.centre_no)[0]
    worker = Worker(Api.signed_in(stack.base_url, account), accounts.centre_no)
    worker.start()
    try:
        sealed = iamis(stack.path, "keys", "reseal")
    finally:
        worker.end()
    assert sealed.status == 0, sealed.seen
    assert [line.partition(":")[0] for line in sealed.out.splitlines()] == sorted(
        ["gateway", "identity", "marks", "reports", "sampling", "uploads"]
    )
    assert set(worker.answered) <= {200}
