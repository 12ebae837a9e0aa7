"""First sign-in: a password of one's own, and the authenticator app."""

from collections.abc import Callable

import pytest

from services.identity.commands.accounts import Place
from tests.unit.identity.people import PASSWORD, Person, Portal, code, wrong

Later = Callable[..., None]


@pytest.fixture
def carys(portal: Portal) -> Person:
    return portal.add("carys.griffiths@bryn.example")


def test_the_first_code_enrols(portal: Portal) -> None:
    new = portal.add("new@bryn.example", enrolled=False)
    begun = portal.begin(new).json or {}
    assert begun["mfa"] == "enrol"
    secret = begun["enrol"]["secret"]
    assert begun["enrol"]["otpauth_uri"].startswith("otpauth://totp/IAMIS:new%40bryn.example?")
    assert f"secret={secret}" in begun["enrol"]["otpauth_uri"]
    assert portal.confirm(begun, wrong(code(secret))).status_code == 401
    assert portal.user(new).totp_secret is None
    assert portal.confirm(begun, code(secret)).status_code == 200
    assert portal.user(new).totp_secret == secret
    assert (portal.begin(new).json or {})["mfa"] == "totp"


def test_a_second_enrolment_under_way_does_not_replace_the_first(portal: Portal) -> None:
    new = portal.add("new@bryn.example", enrolled=False)
    first, second = portal.begin(new).json or {}, portal.begin(new).json or {}
    assert portal.confirm(first, code(first["enrol"]["secret"])).status_code == 200
    assert portal.confirm(second, code(second["enrol"]["secret"])).status_code == 401
    assert portal.user(new).totp_secret == first["enrol"]["secret"]


def test_an_invited_person_chooses_a_password_then_enrols(portal: Portal) -> None:
    place = (Place("68101", "user"),)
    new = portal.add("new@bryn.example", enrolled=False, invited=True, places=place)
    begun = portal.begin(new).json or {}
    assert (begun["mfa"], begun["password_change"]) == ("enrol", True)
    secret = begun["enrol"]["secret"]
    early = portal.confirm(begun, code(secret))
    assert (early.status_code, (early.json or {})["type"]) == (
        409,
        "urn:iamis:problem:password-change-first",
    )
    chosen = {"challenge": begun["challenge"], "new_password": "mynydd-afon-llyn"}
    changed = portal.post("/sign-in/password", chosen)
    assert changed.status_code == 200
    assert (changed.json or {})["enrol"]["secret"] == secret
    assert "password_change" not in (changed.json or {})
    assert portal.post("/sign-in/password", chosen).status_code == 409
    answer = portal.confirm(changed.json or {}, code(secret))
    assert (answer.status_code, (answer.json or {})["user"]["role"]) == (200, "user")
    assert portal.begin(new).status_code == 401
    assert portal.begin(new, password="mynydd-afon-llyn").status_code == 200


@pytest.mark.parametrize(
    "chosen", ["short", "", PASSWORD, "carys-griffiths", "new@bryn.example", "x" * 257]
)
def test_a_new_password_that_is_no_good_names_its_field(portal: Portal, chosen: str) -> None:
    new = portal.add("new@bryn.example", invited=True)
    begun = portal.begin(new).json or {}
    answer = portal.post(
        "/sign-in/password", {"challenge": begun["challenge"], "new_password": chosen}
    )
    assert answer.status_code == 422
    assert [fault["pointer"] for fault in (answer.json or {})["errors"]] == ["/new_password"]
    assert portal.begin(new).status_code == 200
