"""Accounts of a centre and allocations of moderators, by the contract."""

import secrets
from typing import Any

import pytest

from tests.integration.conftest import Accounts, Allocate, MakeSheet
from tests.support import shapes
from tests.support.refusals import refused
from tests.support.waiting import wait_for

ALLOCATIONS = "/api/identity/allocations"


def invitation(**changes: object) -> dict[str, Any]:
    return {
        "first_name": "Heledd",
        "last_name": "O'Neill-Ŵyn",
        "email": f"heledd-{secrets.token_hex(6)}@bryn.example",
        "language": "cy",
        "account_type": "user",
    } | changes


@pytest.fixture(scope="module")
def users(accounts: Accounts) -> str:
    return f"/api/identity/centres/{accounts.centre_no}/users"


@pytest.fixture(scope="module")
def invitations(accounts: Accounts) -> str:
    return f"/api/identity/centres/{accounts.centre_no}/invitations"


def listed(accounts: Accounts, users: str) -> dict[str, dict[str, Any]]:
    found = accounts["admin"].get(f"{users}?rows=2000").expect(200)
    assert found["total"] == len(found["users"])
    return {one["email"]: one for one in found["users"]}


def test_the_list(accounts: Accounts, users: str) -> None:
    read = accounts["admin"].get(users).expect(200)
    shapes.check(read, users=list, total=int, page=int, rows=int)
    for one in listed(accounts, users).values():
        shapes.check(one, **shapes.USER)
        assert one["account_type"] in {"admin", "user"}
        assert one["language"] in {"en", "cy"}
    everybody = listed(accounts, users)
    assert everybody[accounts["user-no-iamis"].user["email"]]["iamis"] is False
    assert everybody[accounts["user"].user["email"]]["iamis"] is True
    assert accounts.foreign_admin.user["email"] not in everybody


def test_a_page_of_the_list(accounts: Accounts, users: str) -> None:
    whole = [*listed(accounts, users)]
    read = accounts["admin"].get(f"{users}?rows=1&page=2").expect(200)
    assert ([one["email"] for one in read["users"]], read["page"]) == (whole[1:2], 2)
    assert read["total"] == len(whole)
    refused(accounts["admin"].get(f"{users}?rows=0"), 422, "/rows")


@pytest.mark.parametrize("account_type", ["user", "admin"])
def test_an_invitation(accounts: Accounts, users: str, invitations: str, account_type: str) -> None:
    body = invitation(account_type=account_type)
    made = accounts["admin"].post(invitations, body).expect(201)
    user = listed(accounts, users)[body["email"]]
    assert user["id"] == made["id"]
    for name, value in body.items():
        assert user[name] == value
    assert (user["status"], user["iamis"]) == ("invited", account_type == "admin")
    refused(accounts["admin"].post(invitations, body), 409)
    refused(accounts["admin"].post(invitations, body | {"email": body["email"].upper()}), 409)


BAD_INVITATIONS: list[tuple[dict[str, Any], str]] = [
    ({"email": "no address"}, "/email"),
    ({"email": ""}, "/email"),
    ({"email": None}, "/email"),
    ({"email": "a@b.example\x00"}, "/email"),
    ({"first_name": ""}, "/first_name"),
    ({"first_name": " "}, "/first_name"),
    ({"last_name": 7}, "/last_name"),
    ({"last_name": "\u202eevil"}, "/last_name"),
    ({"last_name": "\ud800"}, "/last_name"),
    ({"last_name": "x" * 5000}, "/last_name"),
    ({"language": "de"}, "/language"),
    ({"account_type": "board"}, "/account_type"),
    ({"account_type": None}, "/account_type"),
]


@pytest.mark.parametrize(("changes", "pointer"), BAD_INVITATIONS, ids=lambda one: repr(one)[:60])
def test_a_bad_invitation(
    accounts: Accounts, users: str, invitations: str, changes: dict[str, Any], pointer: str
) -> None:
    before = listed(accounts, users)
    refused(accounts["admin"].post(invitations, invitation() | changes), 422, pointer)
    assert listed(accounts, users) == before


def test_a_user_is_changed(accounts: Accounts, users: str, invitations: str) -> None:
    admin = accounts["admin"]
    made = admin.post(invitations, invitation()).expect(201)
    path = f"{users}/{made['id']}"
    for body, wanted in (
        ({"iamis": True}, {"iamis": True}),
        ({"account_type": "admin"}, {"account_type": "admin", "iamis": True}),
        ({"account_type": "user"}, {"account_type": "user", "iamis": True}),
        ({"iamis": False}, {"iamis": False}),
        ({"status": "deactivated"}, {"status": "deactivated"}),
        ({}, {}),
    ):
        changed = admin.call("PATCH", path, body).expect(200)
        shapes.check(changed, **shapes.USER)
        assert changed == changed | wanted
        assert listed(accounts, users)[made["email"]] == changed


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"iamis": "yes"}, "/iamis"),
        ({"iamis": 1}, "/iamis"),
        ({"account_type": "board"}, "/account_type"),
        ({"status": "gone"}, "/status"),
        ({"status": True}, "/status"),
    ],
)
def test_a_bad_change(accounts: Accounts, users: str, body: dict[str, Any], pointer: str) -> None:
    before = listed(accounts, users)
    path = f"{users}/{accounts['user'].user['id']}"
    refused(accounts["admin"].call("PATCH", path, body), 422, pointer)
    assert listed(accounts, users) == before


def test_nobody_changes_another_centres_user(accounts: Accounts, users: str) -> None:
    foreign = accounts.foreign_admin
    own = f"/api/identity/centres/{foreign.user['centre_no']}/users"
    teacher = accounts["user"].user["id"]
    for path in (f"{users}/{teacher}", f"{own}/{teacher}", f"{own}/nobody"):
        refused(foreign.call("PATCH", path, {"iamis": False}), 404)
    assert listed(accounts, users)[accounts["user"].user["email"]]["iamis"] is True


def test_the_last_admin_stays(accounts: Accounts) -> None:
    """Of the third centre, whose only admin nobody else uses."""
    admin = accounts.foreign_admin
    path = f"/api/identity/centres/{admin.user['centre_no']}/users/{admin.user['id']}"
    refused(admin.call("PATCH", path, {"account_type": "user"}), 409)
    refused(admin.call("PATCH", path, {"status": "deactivated"}), 409)
    refused(admin.call("PATCH", path, {"iamis": False}), 422, "/iamis")


def test_a_moderator_is_told_once_the_marks_are_submitted(
    accounts: Accounts, make_sheet: MakeSheet, allocate: Allocate
) -> None:
    sheet = make_sheet(1)
    allocate(sheet)
    path = f"{sheet.identity}/moderator"
    refused(sheet.api.get(path), 404)
    sheet.fill_all()
    sheet.submit()
    wait_for("identity knows", lambda: sheet.api.get(path).status == 200)
    told = sheet.api.get(path).expect(200)
    shapes.check(told, name=str, address=str)
    assert told["name"] == accounts["appointee"].user["name"]
    assert told["address"]


BAD_ALLOCATIONS: list[tuple[dict[str, Any], str]] = [
    ({"email": "nobody@moderators.example"}, "/email"),
    ({"email": None}, "/email"),
    ({"centre_no": "99999"}, "/centre_no"),
    ({"centre_no": "681"}, "/centre_no"),
    ({"centre_no": 68101}, "/centre_no"),
    ({"paper_id": "a b"}, "/paper_id"),
    ({"paper_id": None}, "/paper_id"),
]


@pytest.mark.parametrize(("changes", "pointer"), BAD_ALLOCATIONS, ids=str)
def test_a_bad_allocation(
    accounts: Accounts, make_sheet: MakeSheet, changes: dict[str, Any], pointer: str
) -> None:
    body = {
        "email": accounts["appointee"].user["email"],
        "centre_no": accounts.centre_no,
        "paper_id": make_sheet(1).paper_id,
    }
    refused(accounts["board"].post(ALLOCATIONS, body | changes), 422, pointer)


def test_only_appointees_of_papers_that_exist_are_allocated(
    accounts: Accounts, make_sheet: MakeSheet
) -> None:
    body = {"centre_no": accounts.centre_no, "paper_id": make_sheet(1).paper_id}
    for role in ("admin", "user", "board"):
        asked = body | {"email": accounts[role].user["email"]}
        refused(accounts["board"].post(ALLOCATIONS, asked), 422, "/email")
    asked = body | {"email": accounts["appointee"].user["email"], "paper_id": "no-such-paper"}
    refused(accounts["board"].post(ALLOCATIONS, asked), 422, "/paper_id")
