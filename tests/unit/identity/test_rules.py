"""The pure rules of passwords and accounts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.identity.domain import codes
from services.identity.domain.accounts import (
    Standing,
    Wanted,
    change,
    email_key,
    is_email,
    keep_an_admin,
)
from services.identity.domain.passwords import LONGEST, SHORTEST, fault, known_of
from shared.errors import ConflictError

KNOWN = known_of("Carys", "O'Neill-Ŵyn", "c.oneill@bryn.example")
STANDINGS = st.builds(
    Standing,
    account_type=st.sampled_from(["admin", "user"]),
    iamis=st.booleans(),
    status=st.sampled_from(["invited", "active", "deactivated"]),
)


@pytest.mark.parametrize(
    ("password", "good"),
    [
        ("mynydd-afon-llyn", True),
        ("correct horse battery staple", True),
        ("ŵyŵyŵyŵyŵyŵy12345678", True),
        ("Carys likes long trains", True),
        ("x" * (SHORTEST - 1), False),
        ("x" * SHORTEST, True),
        ("x" * LONGEST, True),
        ("x" * (LONGEST + 1), False),
        ("", False),
        ("            ", False),
        ("carys.o'neill-ŵyn", False),
        ("Carys O'Neill-Ŵyn 1", False),
        ("CARYSCARYSCARYS", False),
        ("c.oneill@bryn.example", False),
        ("C.ONEILL@BRYN.EXAMPLE!!", False),
        ("bryn.example1234", False),
    ],
)
def test_a_password_is_long_and_not_made_of_its_owner(password: str, *, good: bool) -> None:
    assert (fault(password, KNOWN) == "") is good


@given(st.text(max_size=SHORTEST - 1))
def test_no_short_password_is_good(password: str) -> None:
    assert fault("".join(c for c in password if c.isascii()), [])


@pytest.mark.parametrize(
    ("one", "other"),
    [("A@B.example", "a@b.EXAMPLE"), ("e\u0301@b.example", "\u00e9@b.example"), (" a@b ", "a@b")],
)
def test_addresses_of_one_account(one: str, other: str) -> None:
    assert email_key(one) == email_key(other)


@pytest.mark.parametrize(
    ("text", "good"),
    [("a@b.example", True), ("a@b.test", True), ("ŵyn@ysgol.cymru", True), ("a@b", False)],
)
def test_addresses_that_are_well_formed(text: str, *, good: bool) -> None:
    assert is_email(text) is good


@given(STANDINGS, st.integers(0, 3))
def test_a_centre_with_an_acting_admin_keeps_one(before: Standing, others: int) -> None:
    for wanted in (Wanted(account_type="user"), Wanted(status="deactivated")):
        after = change(before, wanted, has_signed_in=True)
        if before.is_acting_admin and not others:
            with pytest.raises(ConflictError):
                keep_an_admin(before, after, others)
        else:
            keep_an_admin(before, after, others)


@given(STANDINGS)
def test_nothing_asked_changes_nothing(before: Standing) -> None:
    assert change(before, Wanted(), has_signed_in=True) == before


@given(STANDINGS)
def test_only_who_has_signed_in_becomes_active(before: Standing) -> None:
    wanted = Wanted(status="active")
    assert change(before, wanted, has_signed_in=True).status == "active"
    assert change(before, wanted, has_signed_in=False).status == "invited"


@pytest.mark.parametrize("typed", ["755224", " 755 224 ", "755\u00a0224"])
def test_a_code_is_taken_however_it_is_spaced(typed: str) -> None:
    assert codes.typed(typed) == "755224"
