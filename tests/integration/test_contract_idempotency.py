"""`Idempotency-Key`, by the contract: sent twice, made once, and answered the same."""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.integration.conftest import Accounts, Allocate, MakeSheet
from tests.support.api import Answer, Api, paper
from tests.support.refusals import refused
from tests.support.sheet import DECLARED, Sheet
from tests.support.waiting import wait_for

DUE = (datetime.now(UTC) + timedelta(days=7)).date().isoformat()
KEY = "Idempotency-Key"
Send = Callable[[str], Answer]


def key() -> str:
    return secrets.token_hex(8)


@pytest.fixture(scope="module")
def moderated(make_sheet: MakeSheet, allocate: Allocate) -> Sheet:
    """Submitted, sampled and its moderator's: 0002, 0004 … are not in the sample."""
    sheet = make_sheet(19)
    moderator = allocate(sheet).api
    sheet.fill({f"{number:04d}": [90 - number] for number in range(1, 20)})
    sheet.submit()
    sheet.wait_for_uploads("0001")
    wait_for("in marks", lambda: moderator.get(f"{sheet.path}/marksheet").status == 200)
    wait_for("in sampling", lambda: moderator.get(f"{sheet.sampling}/sample").status == 200)
    return sheet


def invitation() -> dict[str, Any]:
    return {
        "first_name": "Heledd",
        "last_name": "Ŵyn",
        "email": f"heledd-{key()}@bryn.example",
        "language": "cy",
        "account_type": "user",
    }


def twice(api: Api, path: str, body: object) -> Any:
    """Send it twice with one key; the answer, which is the same both times."""
    headers = {KEY: key()}
    first, second = (api.post(path, body, **headers) for _ in range(2))
    assert (first.expect(201), first.content) == (second.expect(201), second.content)
    return first.json


def test_a_paper(accounts: Accounts) -> None:
    """Without the key it is refused: the code is taken."""
    body = paper("IDEM/1")
    twice(accounts["board"], "/api/marks/papers", body)
    refused(accounts["board"].post("/api/marks/papers", body), 409)
    refused(accounts["board"].post("/api/marks/papers", body, **{KEY: key()}), 409)


def test_an_invitation(accounts: Accounts) -> None:
    path = f"/api/identity/centres/{accounts.centre_no}/invitations"
    body = invitation()
    twice(accounts["admin"], path, body)
    refused(accounts["admin"].post(path, body), 409)


def test_an_allocation(accounts: Accounts, make_sheet: MakeSheet) -> None:
    sheet = make_sheet(1)
    body = {"centre_no": sheet.centre_no, "paper_id": sheet.paper_id}
    body["email"] = accounts["appointee"].user["email"]
    twice(accounts["board"], "/api/identity/allocations", body)


def test_a_submission(make_sheet: MakeSheet) -> None:
    sheet = make_sheet(1)
    sheet.fill_all()
    receipt = twice(sheet.api, f"{sheet.path}/submission", {"declarations": DECLARED})
    assert sheet.offer().expect(200) == receipt


def test_a_clerical_error(accounts: Accounts, moderated: Sheet) -> None:
    slip = {"candidate_no": "0001", "tasks": [61], "reason": "Slip"}
    twice(accounts["appointee"], f"{moderated.path}/clerical-errors", slip)
    corrections = [one for one in moderated.history("0001") if one["why"] == "Slip"]
    assert len(corrections) == 1


def test_an_addition(moderated: Sheet) -> None:
    body = {"candidate_nos": ["0002"], "note": "Lost work"}
    twice(moderated.api, f"{moderated.sampling}/sample/additions", body)


def test_a_further_request(accounts: Accounts, moderated: Sheet) -> None:
    body = {"candidate_nos": ["0004"], "note": "More", "due": DUE}
    path = f"{moderated.sampling}/sample/further-requests"
    twice(accounts["appointee"], path, body)


def test_a_file(moderated: Sheet) -> None:
    path = moderated.files("0003")
    headers = {KEY: key()}
    first, second = (moderated.api.upload(path, "a.txt", b"x", **headers) for _ in range(2))
    assert first.expect(201) == second.expect(201)
    assert moderated.api.get(path).expect(200) == {"files": [first.json], "total": 1}
    refused(moderated.api.upload(path, "a.txt", b"y", **headers), 422, f"/{KEY}")
    other = moderated.api.upload(path, "a.txt", b"x", **{KEY: key()}).expect(201)
    assert other["id"] != first.json["id"]


def test_a_key_is_for_one_request(accounts: Accounts) -> None:
    path = f"/api/identity/centres/{accounts.centre_no}/invitations"
    headers = {KEY: key()}
    accounts["admin"].post(path, invitation(), **headers).expect(201)
    refused(accounts["admin"].post(path, invitation(), **headers), 422, f"/{KEY}")


def test_a_key_is_for_one_account_and_one_place(accounts: Accounts) -> None:
    headers = {KEY: key()}
    for admin in (accounts["admin"], accounts.foreign_admin):
        path = f"/api/identity/centres/{admin.user['centre_no']}/invitations"
        admin.post(path, invitation(), **headers).expect(201)


def test_what_was_refused_may_be_sent_again_mended(accounts: Accounts) -> None:
    headers = {KEY: key()}
    board = accounts["board"]
    refused(board.post("/api/marks/papers", paper("idem"), **headers), 422, "/code")
    board.post("/api/marks/papers", paper("IDEM/2"), **headers).expect(201)


def test_a_key_is_not_too_long(accounts: Accounts) -> None:
    refused(accounts["board"].post("/api/marks/papers", paper("IDEM/3"), **{KEY: "k" * 300}), 422)
    accounts["board"].post("/api/marks/papers", paper("IDEM/3"), **{KEY: "k" * 255}).expect(201)
