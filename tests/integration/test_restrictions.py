"""A teacher who is restricted to papers: soon every service hides the others, whatever token."""

from collections.abc import Callable
from typing import Any

from tests.integration.conftest import Accounts, MakeSheet
from tests.support.api import Api
from tests.support.refusals import refused
from tests.support.sheet import DECLARED, Sheet
from tests.support.stack import Stack
from tests.support.waiting import wait_for

HOLDS_SECONDS = 2.0


def paths(sheet: Sheet) -> list[str]:
    return [
        sheet.path,
        f"{sheet.path}/marksheet",
        f"{sheet.sampling}/sample",
        f"{sheet.uploads}/files",
        f"{sheet.reports}/candidate-details",
    ]


def test_everything_else_is_not_there(
    stack: Stack,
    accounts: Accounts,
    make_sheet: MakeSheet,
    newcomer: Callable[[], dict[str, Any]],
) -> None:
    kept, hidden = make_sheet(2), make_sheet(2)
    teacher = Api.signed_in(stack.base_url, newcomer())
    for path in (*paths(kept), *paths(hidden)):
        wait_for(path, lambda path=path: teacher.get(path).status == 200)  # type: ignore[misc]

    wanted = {"restrictions": {"papers": [kept.paper()["code"]]}}
    account = f"/api/identity/centres/{accounts.centre_no}/users/{teacher.user['id']}"
    accounts["admin"].call("PATCH", account, wanted).expect(200)
    for path in paths(hidden):
        wait_for(
            f"{path} refuses the token of before",
            lambda path=path: teacher.get(path).status == 401,  # type: ignore[misc]
            HOLDS_SECONDS,
        )

    body = {"refresh_token": teacher.refresh_token}
    teacher.accept(teacher.post("/api/identity/token/refresh", body).expect(200))
    for path in paths(hidden):
        refused(teacher.get(path), 404)
    refused(teacher.call("PUT", f"{hidden.path}/candidates/0001", {"code": "A"}), 404)
    for path in paths(kept):
        teacher.get(path).expect(200)
    for service in ("marks", "reports"):
        listed = teacher.get(f"/api/{service}/centres/{accounts.centre_no}/papers").expect(200)
        assert [paper["id"] for paper in listed["papers"]] == [kept.paper_id]


def test_of_teaching_sets_only_their_candidates_are_there(
    stack: Stack,
    accounts: Accounts,
    make_sheet: MakeSheet,
    newcomer: Callable[[], dict[str, Any]],
) -> None:
    """The entries of the tests are all of 10A."""
    sheet = make_sheet(2)
    sheet.wait_for_report()
    teacher = Api.signed_in(stack.base_url, newcomer())
    account = f"/api/identity/centres/{accounts.centre_no}/users/{teacher.user['id']}"
    body = {"refresh_token": teacher.refresh_token}

    def restrict(*sets: str) -> None:
        wanted = {"restrictions": {"teaching_sets": sets}}
        accounts["admin"].call("PATCH", account, wanted).expect(200)
        body["refresh_token"] = teacher.refresh_token
        teacher.accept(teacher.post("/api/identity/token/refresh", body).expect(200))

    def candidates() -> tuple[int, int]:
        marks = teacher.get(f"{sheet.path}/marksheet").expect(200)
        details = teacher.get(f"{sheet.reports}/candidate-details").expect(200)
        return len(marks["candidates"]), len(details["rows"])

    restrict("10A")
    wait_for("the candidates of the set", lambda: candidates() == (2, 2))
    refused(teacher.post(f"{sheet.path}/submission", {"declarations": DECLARED}), 403)
    restrict("10B")
    wait_for("nobody of the other set", lambda: candidates() == (0, 0))
    refused(teacher.call("PUT", f"{sheet.path}/candidates/0001", {"code": "A"}), 404)
    refused(teacher.get(f"{sheet.uploads}/candidates/0001/files"), 404)
    assert teacher.get(f"{sheet.sampling}/sample").expect(200)["candidates"] == []
