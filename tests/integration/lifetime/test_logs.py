"""The logs of the main job: no error in them, and nothing of anybody."""

import json

import pytest

from deploy.demo.catalogue import PEOPLE
from tests.integration.conftest import Accounts
from tests.integration.lifetime.conftest import NewSheet
from tests.support.allocating import allocate
from tests.support.api import Api
from tests.support.logs import OF_OTHERS, entries_of, logs, traced
from tests.support.sheet import DECLARED, Sheet
from tests.support.stack import Stack
from tests.support.waiting import wait_for

FILE_NAME = "gwaith Siân 0001.docx"
REASON = "Added up wrongly for Siân"
ENTERED = ("Siân", "2015-02-28")
SHORTEST_NAME = 5
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


@pytest.fixture(scope="module")
def used(accounts: Accounts, new_sheet: NewSheet) -> Sheet:
    """A sheet with which the main job was done, mistakes included."""
    sheet = new_sheet(12)
    sheet.fill_all()
    sheet.patch({"candidate_no": "0001", "tasks": ["Siân"]}).expect(200)
    sheet.put("0001", {"tasks": [101], "initials": "Siân"}).expect(422)
    sheet.submit()
    files = sheet.wait_for_uploads(str(sheet.wait_for_sample()[0]["candidate_no"]))
    file = sheet.api.upload(files, FILE_NAME, b"evidence").expect(201)
    assert sheet.api.get(f"{files}/{file['id']}").status == 200
    moderator = accounts["appointee"]
    allocate(accounts["board"], moderator.user["email"], sheet.centre_no, sheet.paper_id)
    wait_for("allocation", lambda: moderator.get(f"{sheet.path}/marksheet").status == 200)
    slip = {"candidate_no": "0001", "tasks": [1], "reason": REASON}
    moderator.post(f"{sheet.path}/clerical-errors", slip).expect(201)
    assert sheet.api.get(f"{sheet.path}/marksheet?search=Siân&sort=name").status == 200
    accounts.foreign_admin.get(f"{sheet.path}/marksheet").expect(404)
    return sheet


def mistaken_sign_ins(stack: Stack) -> None:
    account = stack.accounts[0]
    wrong = {"email": account["email"], "password": "not-her-passphrase"}
    Api(stack.base_url).post("/api/identity/sign-in", wrong).expect(401)
    Api(stack.base_url, token=f"{account['password']}.x.y").get("/api/identity/me").expect(401)


def secrets_of(stack: Stack, accounts: Accounts) -> set[str]:
    """What nobody may find in a log."""
    given = {one[name] for one in stack.accounts for name in ("email", "password", "totp_secret")}
    given |= {one["name"] for one in stack.accounts}
    names = PEOPLE["surnames"] + PEOPLE["forenames"]
    given |= {name for name in names if len(name) >= SHORTEST_NAME}
    for role in ("user", "board", "appointee"):
        given |= {accounts[role].token, accounts[role].refresh_token}
    given |= {file.read_text() for file in (stack.path / "secrets").iterdir()}
    return given | {FILE_NAME, REASON, "not-her-passphrase", *ENTERED}


@pytest.mark.usefixtures("used")
def test_a_healthy_session_logs_no_error(stack: Stack) -> None:
    for name, log in logs(stack).items():
        assert "Traceback" not in log, name
        if name not in OF_OTHERS:
            levels = {entry["level"] for entry in entries_of(log)}
            assert levels <= {"INFO", "WARNING"}, name


@pytest.mark.usefixtures("used")
def test_the_logs_tell_of_nobody(stack: Stack, accounts: Accounts) -> None:
    mistaken_sign_ins(stack)
    hidden = secrets_of(stack, accounts)
    assert all(hidden)
    for name, log in logs(stack).items():
        found = [secret for secret in hidden if secret in log or _escaped(secret) in log]
        assert found == [], name


def _escaped(secret: str) -> str:
    """As it would stand in JSON that is plain ASCII."""
    return json.dumps(secret)[1:-1]


def test_a_request_is_followed_through_gateway_and_service(stack: Stack, used: Sheet) -> None:
    answer = used.api.call("GET", f"{used.path}/marksheet", headers={"X-Request-ID": "followed-1"})
    assert answer.headers["X-Request-ID"] == "followed-1"
    found = logs(stack)
    for name in ("gateway", "marks"):
        told = [e for e in entries_of(found[name]) if e["request_id"] == "followed-1"]
        assert [(e["method"], e["status"]) for e in told] == [("GET", 200)]


def test_a_submission_is_followed_through_the_events_that_it_causes(
    stack: Stack, new_sheet: NewSheet
) -> None:
    sheet = new_sheet(11)
    sheet.fill_all()
    body = {"declarations": DECLARED}
    caused = {"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}
    sheet.api.call("POST", f"{sheet.path}/submission", body, caused).expect(201)
    wanted = {
        ("gateway", "request"),
        ("marks", "request"),
        *((name, "marks.submitted.v1") for name in ("identity", "reports", "sampling", "uploads")),
        *((name, "sample.generated.v1") for name in ("identity", "marks", "reports", "uploads")),
    }
    wait_for("all who had to do with it have told", lambda: traced(stack, TRACE) >= wanted)
