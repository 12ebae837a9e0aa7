"""Codes guessed by somebody who knows the password: told to the owner, and ended."""

from collections.abc import Callable, Iterator

import pytest

from services.identity.domain import guessing
from shared.audit import AuditRow
from tests.support.mailbox import queued
from tests.support.service import rows_of
from tests.unit.identity.people import ELSEWHERE, Person, Portal, code, wrong

Later = Callable[..., None]


@pytest.fixture
def carys(portal: Portal) -> Person:
    return portal.add("carys@bryn.example")


def _guess(portal: Portal, person: Person, later: Later, times: int) -> Iterator[int]:
    """Wrong codes as the limits let them through, each of a sign-in of its own."""
    for _each in range(times):
        later(minutes=2)
        begun = portal.begin(person, address=ELSEWHERE).json or {}
        guess = wrong(code(person.secret))
        yield portal.confirm(begun, guess, address=ELSEWHERE).status_code


def _mailed(portal: Portal, kind: str) -> int:
    return len(queued(portal.service.database, kind))


def test_the_owner_is_told_of_ten(portal: Portal, carys: Person, later: Later) -> None:
    assert set(_guess(portal, carys, later, guessing.TOLD_AT - 1)) == {401}
    assert _mailed(portal, "codes-refused") == 0
    assert set(_guess(portal, carys, later, 5)) == {401}
    assert _mailed(portal, "codes-refused") == 1


def test_at_last_only_a_new_password_opens_the_account(
    portal: Portal, carys: Person, later: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guessing, "ENDED_AT", 12)
    assert set(_guess(portal, carys, later, guessing.ENDED_AT)) == {401}
    assert portal.begin(carys).status_code == 401, "as if the password were wrong"
    (mail,) = queued(portal.service.database, "password-ended")
    assert "/forgot-password" in mail.text
    portal.post("/password/forgotten", {"email": carys.email})
    (link,) = queued(portal.service.database, "password-reset")
    token = link.text.partition("token=")[2].split()[0]
    body = {"token": token, "new_password": "mynydd-afon-llyn"}
    assert portal.post("/password/reset", body).status_code == 204
    portal.sign_in(Person(carys.id, carys.email, carys.secret, "mynydd-afon-llyn"))
    with portal.service.database.reading() as session:
        assert "password.ended" in {row.action for row in rows_of(session, AuditRow)}


def test_a_sign_in_that_is_finished_forgives_its_own_slips_alone(
    portal: Portal, carys: Person, later: Later
) -> None:
    assert set(_guess(portal, carys, later, 3)) == {401}
    begun = portal.begin(carys).json or {}
    assert portal.confirm(begun, wrong(code(carys.secret))).status_code == 401
    assert portal.confirm(begun, code(carys.secret)).status_code == 200
    assert portal.user(carys).wrong_codes == 3


def test_a_wrong_recovery_code_counts_and_a_used_code_does_not(
    portal: Portal, carys: Person
) -> None:
    portal.sign_in(carys)
    begun = portal.begin(carys).json or {}
    assert portal.confirm(begun, code(carys.secret)).status_code == 401
    assert portal.user(carys).wrong_codes == 0
    body = {"challenge": begun["challenge"], "code": "not-a-code-of-mine"}
    assert portal.post("/sign-in/recovery", body).status_code == 401
    assert portal.user(carys).wrong_codes == 1


def test_where_the_password_is_not_known_nothing_is_counted(portal: Portal, carys: Person) -> None:
    """Else anybody could end it."""
    for _each in range(9):
        assert portal.begin(carys, password="wrong-horse-battery").status_code == 401
    assert portal.user(carys).wrong_codes == 0
