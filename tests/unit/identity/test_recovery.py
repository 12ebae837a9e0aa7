"""Recovery codes, and setting up another device."""

from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.test import TestResponse

from services.identity.commands.accounts import Place
from services.identity.models import RecoveryCode
from shared.access.principal import Principal
from tests.support.mailbox import queued
from tests.support.service import BOARD, MODERATOR, admin_of, rows_of, teacher_of
from tests.unit.identity.people import PASSWORD, Person, Portal

Later = Callable[..., None]


@pytest.fixture
def carys(portal: Portal) -> Person:
    return portal.add("carys@bryn.example")


def _make(portal: Portal, carys: Person) -> list[str]:
    token = portal.sign_in(carys)["access_token"]
    answer = portal.post("/me/recovery-codes", {"password": PASSWORD}, token=token)
    assert answer.status_code == 200, answer.text
    codes: list[str] = (answer.json or {})["codes"]
    return codes


def _recover(portal: Portal, carys: Person, code: str) -> TestResponse:
    begun = portal.begin(carys).json or {}
    return portal.post("/sign-in/recovery", {"challenge": begun["challenge"], "code": code})


def test_ten_codes_are_made_and_each_opens_one_session(portal: Portal, carys: Person) -> None:
    codes = _make(portal, carys)
    assert len(set(codes)) == 10
    first = _recover(portal, carys, codes[0].upper().replace("-", " "))
    assert first.status_code == 200
    token = (first.json or {})["access_token"]
    left = portal.call("GET", "/me/recovery-codes", token=token)
    assert left.json == {"left": 9}
    assert _recover(portal, carys, codes[0]).status_code == 401
    assert _recover(portal, carys, codes[1]).status_code == 200
    (mail, _second) = queued(portal.service.database, "recovery-code-used")
    assert "Recovery codes left: 9" in mail.text


def test_codes_are_kept_as_hashes(portal: Portal, carys: Person) -> None:
    codes = _make(portal, carys)
    with portal.service.database.reading() as session:
        kept = {row.code_hash for row in rows_of(session, RecoveryCode)}
    assert kept.isdisjoint({*codes, *(code.replace("-", "") for code in codes)})


def test_new_codes_end_the_old_ones(portal: Portal, carys: Person, later: Later) -> None:
    old = _make(portal, carys)
    later(seconds=30)
    new = _make(portal, carys)
    assert _recover(portal, carys, old[0]).status_code == 401
    assert _recover(portal, carys, new[0]).status_code == 200


def test_making_codes_needs_the_password(portal: Portal, carys: Person) -> None:
    token = portal.sign_in(carys)["access_token"]
    answer = portal.post("/me/recovery-codes", {"password": "wrong"}, token=token)
    assert (answer.status_code, (answer.json or {})["errors"][0]["pointer"]) == (422, "/password")


def test_guessing_codes_is_slowed_down(portal: Portal, carys: Person) -> None:
    codes = _make(portal, carys)
    begun = portal.begin(carys).json or {}
    body = {"challenge": begun["challenge"], "code": "aaaa-bbbb"}
    answers = [portal.post("/sign-in/recovery", body).status_code for _each in range(11)]
    assert answers == [401] * 10 + [429]
    body["code"] = codes[0]
    assert portal.post("/sign-in/recovery", body).status_code == 429


def test_another_persons_codes_open_nothing(portal: Portal, carys: Person) -> None:
    codes = _make(portal, carys)
    assert _recover(portal, portal.add("dewi@bryn.example"), codes[0]).status_code == 401


def test_who_has_no_device_yet_cannot_skip_it(portal: Portal) -> None:
    new = portal.add("new@bryn.example", enrolled=False)
    assert _recover(portal, new, "").status_code == 401


def _reset(portal: Portal, who: Principal | None, person: Person, centre: str = "68101") -> int:
    path = f"/api/identity/centres/{centre}/users/{person.id}/second-factor"
    return portal.service.call("DELETE", path, who).status_code


def test_an_admin_lets_a_person_set_up_another_device(portal: Portal, carys: Person) -> None:
    codes = _make(portal, carys)
    session: dict[str, Any] = _recover(portal, carys, codes[0]).json or {}
    assert _reset(portal, admin_of("68101"), carys) == 204
    assert portal.refresh(session["refresh_token"]).status_code == 401
    assert (portal.begin(carys).json or {})["mfa"] == "enrol"
    assert _recover(portal, carys, codes[1]).status_code == 401
    assert len(queued(portal.service.database, "second-factor-reset")) == 1


@pytest.mark.parametrize(
    ("who", "status"),
    [(None, 401), (teacher_of("68101"), 403), (admin_of("68102"), 404), (MODERATOR, 404)],
)
def test_only_admins_of_the_centre_reset(
    portal: Portal, carys: Person, who: Principal | None, status: int
) -> None:
    assert _reset(portal, who, carys) == status


def test_a_person_of_another_centre_is_not_there(portal: Portal) -> None:
    other = portal.add("other@hill.example", places=(Place("68102", "admin"),))
    assert _reset(portal, admin_of("68101"), other) == 404


def test_of_somebody_whom_others_trust_too_the_board_decides(portal: Portal) -> None:
    places = (Place("68102", "admin"), Place("68101", "user", iamis=True))
    other = portal.add("head@hill.example", places=places)
    assert _reset(portal, admin_of("68101"), other) == 409
    assert (portal.begin(other).json or {})["mfa"] == "totp"
    portal.service.call(
        "PATCH",
        f"/api/identity/centres/68101/users/{other.id}",
        admin_of("68101"),
        json={"status": "deactivated"},
    )
    assert _reset(portal, admin_of("68101"), other) == 409
    assert _reset(portal, admin_of("68102"), other, "68102") == 204


@pytest.mark.parametrize(("who", "status"), [(BOARD, 204), (admin_of("68101"), 403)])
def test_the_board_resets_anybody(portal: Portal, who: Principal, status: int) -> None:
    mair = portal.add("mair@moderators.example", kind="appointee")
    path = "/api/identity/second-factor-resets"
    wanted = {"email": mair.email}
    assert portal.service.call("POST", path, who, json=wanted).status_code == status
    nobody = portal.service.call("POST", path, BOARD, json={"email": "nobody@bryn.example"})
    assert nobody.status_code == 404
