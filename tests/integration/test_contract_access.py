"""Who may do what: 401 first, then 404 for what is not theirs, then 403, and only then the body."""

from functools import partial

import pytest

from tests.integration.conftest import Accounts, Allocate, MakeSheet
from tests.support.api import Answer, Api
from tests.support.refusals import refused
from tests.support.sheet import Sheet
from tests.support.waiting import wait_for

# Every route of a sheet: service, method, path, and who may, of those it exists for.
READERS = {"centre", "appointee", "board"}
ROUTES = [
    ("marks", "GET", "/marksheet", READERS),
    ("marks", "PUT", "/candidates/0001", {"centre"}),
    ("marks", "PATCH", "/marksheet", {"centre"}),
    ("marks", "POST", "/submission", {"centre"}),
    ("marks", "GET", "/candidates/0001/history", READERS),
    ("marks", "POST", "/clerical-errors", {"appointee"}),
    ("sampling", "GET", "/sample", READERS),
    ("sampling", "POST", "/sample/additions", {"centre"}),
    ("sampling", "POST", "/sample/further-requests", {"appointee", "board"}),
    ("uploads", "GET", "/candidates/0001/files", READERS),
    ("uploads", "POST", "/candidates/0001/files", {"centre"}),
    ("uploads", "GET", "/group-files", READERS),
    ("uploads", "POST", "/group-files", {"centre"}),
    ("uploads", "DELETE", "/candidates/0001/files/none", {"centre"}),
    ("reports", "GET", "/candidate-details", READERS),
    ("identity", "GET", "/moderator", {"centre", "board"}),
]
OF_CENTRE = [
    ("marks", "GET", "/papers", {"centre", "board"}),
    ("identity", "GET", "/users", {"admin", "board"}),
    ("identity", "POST", "/invitations", {"admin"}),
    ("identity", "PATCH", "/users/none", {"admin"}),
]
OF_BOARD = [
    ("POST", "/api/marks/papers"),
    ("POST", "/api/marks/imports/entries"),
    ("POST", "/api/identity/allocations"),
]
Route = tuple[str, str, str, set[str]]
ALLOCATED_SECONDS = 2.0
PASSED = {200, 404, 409, 415, 422}


@pytest.fixture(scope="module")
def submitted(make_sheet: MakeSheet) -> Sheet:
    """Submitted and sampled, and nobody's to moderate."""
    return submit(make_sheet(2))


def submit(sheet: Sheet) -> Sheet:
    """Submit it, and wait until every service knows."""
    sheet.fill_all()
    sheet.submit()
    sheet.wait_for_sample()
    sheet.wait_for_uploads("0001")
    wait_for("reports knows", lambda: sheet.report()["submitted_at"])
    return sheet


def ask(api: Api, sheet: Sheet, route: Route) -> Answer:
    """With a body no route can read: access is decided before it is looked at."""
    service, method, path, _who = route
    whole = f"/api/{service}/centres/{sheet.centre_no}/papers/{sheet.paper_id}{path}"
    if method == "GET":
        return api.get(whole)
    return api.call(method, whole, b"{nonsense", {"Content-Type": "text/plain"})


def ids(route: Route | tuple[str, str]) -> str:
    return " ".join(route[:3])


@pytest.mark.parametrize("route", ROUTES, ids=ids)
def test_a_submitted_sheet(accounts: Accounts, submitted: Sheet, route: Route) -> None:
    who = route[3]
    refused(ask(Api(submitted.api.base_url), submitted, route), 401)
    refused(ask(Api(submitted.api.base_url, token="a.b.c"), submitted, route), 401)
    refused(ask(accounts.foreign_admin, submitted, route), 404)
    refused(ask(accounts["user-no-iamis"], submitted, route), 403)
    refused(ask(accounts["appointee"], submitted, route), 404)
    for api, relation in ((accounts["board"], "board"), (accounts["user"], "centre")):
        if relation not in who:
            refused(ask(api, submitted, route), 403)
        elif route[1] == "GET" and route[2] != "/moderator":
            ask(api, submitted, route).expect(200)
        else:
            assert ask(api, submitted, route).status in PASSED


@pytest.mark.parametrize("route", ROUTES, ids=ids)
def test_a_paper_that_is_not_there(accounts: Accounts, submitted: Sheet, route: Route) -> None:
    nowhere = Sheet(submitted.api, submitted.centre_no, "no-such-paper")
    refused(ask(accounts["appointee"], nowhere, route), 404)
    # What a service hears of by event may not be known to it yet: it is as if nothing was there.
    if route[0] not in {"sampling", "uploads"}:
        for role in ("user", "user-no-iamis", "board"):
            refused(ask(accounts[role], nowhere, route), 404)


@pytest.fixture(scope="module")
def allocated(make_sheet: MakeSheet, allocate: Allocate) -> Sheet:
    """A sheet that is a moderator's, and not submitted."""
    sheet = make_sheet(2)
    allocate(sheet)
    return sheet


@pytest.mark.parametrize("route", ROUTES, ids=ids)
def test_a_moderator_sees_nothing_before_the_submission(
    accounts: Accounts, allocated: Sheet, route: Route
) -> None:
    refused(ask(accounts["appointee"], allocated, route), 404)


def test_a_moderator_has_no_such_paper_listed_before(accounts: Accounts, allocated: Sheet) -> None:
    papers = f"/api/marks/centres/{allocated.centre_no}/papers"
    answer = accounts["appointee"].get(papers)
    listed = answer.json["papers"] if answer.status == 200 else []
    assert allocated.paper_id not in {one["id"] for one in listed}


def test_a_moderator_sees_the_sheet_once_it_is_submitted(
    allocate: Allocate, make_sheet: MakeSheet
) -> None:
    """In every service, and may do there what is a moderator's and nothing else."""
    sheet = make_sheet(2)
    moderator = allocate(sheet).api
    sheet.fill_all()
    sheet.submit()
    sheet.wait_for_uploads("0001")
    for route in ROUTES:
        if "appointee" in route[3]:
            wait_for(ids(route), partial(has_passed, moderator, sheet, route))
        else:
            refused(ask(moderator, sheet, route), 403)


def test_an_allocation_works_everywhere_within_two_seconds(
    make_sheet: MakeSheet, allocate: Allocate
) -> None:
    """With the token the moderator has already: what it took is printed."""
    sheet = submit(make_sheet(2))
    moderator = allocate(sheet).api
    for route in ROUTES:
        if "appointee" in route[3]:
            seen = partial(has_passed, moderator, sheet, route)
            wait_for(ids(route), seen, ALLOCATED_SECONDS)


def has_passed(api: Api, sheet: Sheet, route: Route) -> bool:
    """Whether the route is there and allowed; a GET is answered, the others want a body."""
    return ask(api, sheet, route).status == (200 if route[1] == "GET" else 415)


@pytest.mark.parametrize("route", OF_CENTRE, ids=ids)
def test_a_centre(accounts: Accounts, route: Route) -> None:
    service, method, path, who = route
    whole = f"/api/{service}/centres/{accounts.centre_no}{path}"

    def asked(api: Api) -> Answer:
        body = None if method == "GET" else b"{nonsense"
        return api.call(method, whole, body, {"Content-Type": "text/plain"})

    refused(asked(Api(accounts["user"].base_url)), 401)
    refused(asked(accounts.foreign_admin), 404)
    refused(asked(accounts["user-no-iamis"]), 403)
    assert asked(accounts["admin"]).status in PASSED
    for role, relation in (("user", "centre"), ("board", "board")):
        if relation in who:
            asked(accounts[role]).expect(200)
        else:
            refused(asked(accounts[role]), 403)


@pytest.mark.parametrize(("method", "path"), OF_BOARD)
def test_what_is_the_boards(accounts: Accounts, method: str, path: str) -> None:
    refused(Api(accounts["user"].base_url).call(method, path, b"{nonsense"), 401)
    for role in ("admin", "user", "user-no-iamis", "appointee"):
        refused(accounts[role].call(method, path, b"{nonsense"), 403)
    refused(accounts["board"].call(method, path, b"{nonsense"), 415)
