"""Invitations are bounded: of one admin, and of a centre, within a day."""

from collections.abc import Callable

import pytest

from services.identity.commands import allowance
from shared.settings import Settings
from tests.support.service import admin_of
from tests.unit.identity.people import Portal
from tests.unit.identity.test_invitations import HERE, THERE, about, invite, of

Later = Callable[..., None]
A_DAY = 3


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    told = Settings.load({"IAMIS_INVITATIONS_A_DAY": str(A_DAY)})
    monkeypatch.setattr(allowance, "settings", lambda: told)


def _invite(portal: Portal, number: int, centre_no: str = HERE) -> int:
    return invite(portal, centre_no, email=f"n{number}@bryn.example").status_code


def test_an_admin_invites_and_asks_again_so_often_a_day(portal: Portal, later: Later) -> None:
    first = (invite(portal).json or {})["id"]
    assert _invite(portal, 1) == 201
    later(hours=1)
    assert about(portal, "POST", first).status_code == 200
    refused = about(portal, "POST", first)
    assert (refused.status_code, (refused.json or {})["type"]) == (
        429,
        "urn:iamis:problem:too-many-requests",
    )
    assert _invite(portal, 2) == 429
    assert int(refused.headers["Retry-After"]) == 23 * 3600
    assert _invite(portal, 2, THERE) == 201, "another admin, another centre"
    later(hours=23)
    assert _invite(portal, 3) == 201


def test_it_is_said_in_welsh_too(portal: Portal) -> None:
    for number in range(A_DAY):
        _invite(portal, number)
    path, cymraeg = of(HERE, "/invitations"), {"Accept-Language": "cy"}
    body = {
        "first_name": "Siân",
        "last_name": "Jones",
        "email": "one@bryn.example",
        "language": "cy",
        "account_type": "user",
    }
    refused = portal.service.call("POST", path, admin_of(HERE), json=body, headers=cymraeg)
    assert refused.status_code == 429
    assert "heddiw" in (refused.json or {})["detail"]


def test_what_was_refused_counts_for_nothing(portal: Portal) -> None:
    assert _invite(portal, 1) == 201
    assert [_invite(portal, 1) for _each in range(5)] == [409] * 5
    assert [_invite(portal, number) for number in (2, 3, 4)] == [201, 201, 429]


def test_all_of_a_centre_together_send_twice_as_many(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(allowance, "OF_A_CENTRE", 1)
    assert [_invite(portal, number) for number in range(A_DAY)] == [201] * A_DAY
    other = portal.add("other-admin@bryn.example")
    token = portal.sign_in(other)["access_token"]
    body = {
        "first_name": "N",
        "last_name": "O",
        "email": "one@bryn.example",
        "language": "en",
        "account_type": "user",
    }
    path = f"/centres/{HERE}/invitations"
    assert portal.post(path, body, token=token).status_code == 429
