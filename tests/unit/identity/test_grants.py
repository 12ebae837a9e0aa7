"""Granting access: it holds with tokens already issued; taking it away refuses them."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from services.identity.commands.accounts import Place
from services.identity.domain.accounts import AccountType, Restrictions, Standing, Status
from tests.support.service import admin_of
from tests.unit.identity.people import Person, Portal

USERS = "/api/identity/centres/68101/users"
ADMIN = admin_of("68101")


def _change(portal: Portal, person: Person, **changed: Any) -> TestResponse:
    return portal.service.call("PATCH", f"{USERS}/{person.id}", ADMIN, json=changed)


def standing(
    account_type: AccountType = "user",
    status: Status = "active",
    *papers: str,
    iamis: bool = True,
) -> Standing:
    return Standing(account_type, iamis, status, Restrictions(papers=papers))


@pytest.mark.parametrize(
    ("before", "after", "kept"),
    [
        (standing(iamis=False), standing(), True),
        (standing(), standing(iamis=False), False),
        (standing(), standing("admin"), True),
        (standing("admin"), standing("user"), False),
        (standing("user", "active", "3100U4"), standing(), True),
        (standing("user", "active", "3100U4"), standing("admin"), True),
        (standing(), standing("user", "active", "3100U4"), False),
        (standing("user", "active", "3100U4"), standing("user", "active", "3100U5"), False),
        (standing(), standing("user", "deactivated"), False),
        (standing("user", "deactivated"), standing(), False),
    ],
)
def test_what_takes_nothing_away(before: Standing, after: Standing, *, kept: bool) -> None:
    assert after.keeps_all_of(before) is kept


def test_a_grant_holds_with_the_token_issued_before(portal: Portal) -> None:
    portal.add("carys@bryn.example")
    place = Place("68101", "user", iamis=False)
    elin = portal.add("elin@bryn.example", places=(place,))
    token = portal.sign_in(elin)["access_token"]
    for changed in ({"iamis": True}, {"account_type": "admin"}):
        assert _change(portal, elin, **changed).status_code == 200
        assert portal.call("GET", "/me", token=token).status_code == 200
    told = portal.service.emitted("user.access_changed.v1")
    assert [event.data["tokens_from"] for event in told] == [1, 1]
    assert told[-1].data["grants"] == {"68101": {"account_type": "admin", "iamis": True}}
    assert portal.call("GET", "/centres/68101/users", token=token).status_code == 200

    _change(portal, elin, account_type="user")
    stale = portal.call("GET", "/me", token=token)
    assert (stale.json or {})["type"] == "urn:iamis:problem:stale-token"
