"""Board staff, appointees and centres, as the board keeps them."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from shared.audit import AuditRow
from tests.support.mailbox import queued
from tests.support.service import BOARD, admin_of, rows_of
from tests.unit.identity.people import Portal

PATH = "/api/identity/accounts"
NEW = {
    "kind": "appointee",
    "first_name": "Mair",
    "last_name": "Ŵyn",
    "email": "mair@example.org",
    "language": "cy",
    "address": "1 Heol y Bryn\nCaerdydd",
    "works_at": ["68102"],
}


def add(portal: Portal, **changed: Any) -> TestResponse:
    return portal.service.call("POST", PATH, BOARD, json=NEW | changed)


def change(portal: Portal, user_id: str, **wanted: Any) -> TestResponse:
    return portal.service.call("PATCH", f"{PATH}/{user_id}", BOARD, json=wanted)


@pytest.mark.parametrize("kind", ["appointee", "board"])
def test_somebody_is_invited_and_can_begin(portal: Portal, kind: str) -> None:
    made = add(portal, kind=kind, works_at=[]).json or {}
    assert (made["kind"], made["status"], made["address"]) == (kind, "invited", NEW["address"])
    (mail,) = queued(portal.service.database, "invitation")
    assert "mair@example.org" in mail.to
    password = next(word for word in mail.text.split() if word.count("-") == 3)
    body = {"email": made["email"], "password": password}
    assert (portal.post("/sign-in", body).json or {})["password_change"] is True


def test_they_are_listed_by_kind_and_searched(portal: Portal) -> None:
    add(portal)
    add(portal, kind="board", email="board@example.org")
    listed = portal.service.call("GET", f"{PATH}?search=wyn", BOARD).json or {}
    (one,) = listed["accounts"]
    assert (one["email"], one["works_at"], listed["total"]) == (NEW["email"], ["68102"], 1)
    other = portal.service.call("GET", f"{PATH}?kind=board", BOARD).json or {}
    assert [one["email"] for one in other["accounts"]] == ["board@example.org"]


def test_an_address_changes_and_it_is_noted(portal: Portal) -> None:
    made = add(portal).json or {}
    assert (change(portal, made["id"], address="2 Stryd Fawr").json or {})["address"]
    assert change(portal, made["id"], address="2 Stryd Fawr").status_code == 200
    with portal.service.database.reading() as session:
        changed = [row for row in rows_of(session, AuditRow) if row.action == "user.changed"]
    assert [row.after["address"] for row in changed] == ["2 Stryd Fawr"]


def test_out_of_use_nobody_signs_in_and_back_they_do(portal: Portal) -> None:
    mair = portal.add("m@example.org", kind="appointee")
    tokens = portal.sign_in(mair)
    assert (change(portal, mair.id, status="deactivated").json or {})["status"] == "deactivated"
    assert portal.refresh(tokens["refresh_token"]).status_code == 401
    assert portal.begin(mair).status_code == 401
    assert (change(portal, mair.id, status="active").json or {})["status"] == "active"
    assert portal.begin(mair).status_code == 200


def test_one_is_looked_at(portal: Portal) -> None:
    made = add(portal).json or {}
    shown = portal.service.call("GET", f"{PATH}/{made['id']}", BOARD).json
    assert shown == made | {"mail_failed_at": None}
    assert portal.service.call("GET", f"{PATH}/nobody", BOARD).status_code == 404


def test_people_of_centres_are_none_of_these(portal: Portal) -> None:
    carys = portal.add("carys@bryn.example")
    assert portal.service.call("GET", f"{PATH}/{carys.id}", BOARD).status_code == 404
    assert change(portal, carys.id, status="deactivated").status_code == 404
    assert add(portal, email="carys@bryn.example").status_code == 409


def test_a_centre_that_is_none_is_refused_at_its_field(portal: Portal) -> None:
    refused = add(portal, works_at=["99999"])
    assert refused.status_code == 422
    assert [error["pointer"] for error in (refused.json or {})["errors"]] == ["/works_at"]


def test_nobody_locks_themselves_out(portal: Portal) -> None:
    board = portal.add("b@example.org", kind="board")
    token = portal.sign_in(board)["access_token"]
    path = f"/accounts/{board.id}"
    refused = portal.call("PATCH", path, token=token, json={"status": "deactivated"})
    assert refused.status_code == 409


def test_a_centre_is_added_and_renamed(portal: Portal) -> None:
    path = "/api/identity/centres/68103"
    for name in ("Ysgol Newydd", "Ysgol Newydd Iawn"):
        named = portal.service.call("PUT", path, BOARD, json={"name": name})
        assert (named.status_code, named.json) == (200, {"centre_no": "68103", "name": name})
    shown = portal.service.call("GET", path, BOARD).json or {}
    assert shown["name"] == "Ysgol Newydd Iawn"
    assert (
        portal.service.call("PUT", path, admin_of("68101"), json={"name": "x"}).status_code == 403
    )
    wrong = portal.service.call("PUT", "/api/identity/centres/x", BOARD, json={"name": "x"})
    assert wrong.status_code == 404
