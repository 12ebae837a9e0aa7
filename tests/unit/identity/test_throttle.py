"""Failed sign-ins slow down whoever tries, and nobody else."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.identity.domain import throttle
from services.identity.domain.throttle import Limit, seconds_to_wait, site_of
from services.identity.models import FailedAttempt
from tests.support.service import rows_of
from tests.unit.identity.people import ELSEWHERE, Person, Portal, code, wrong

Later = Callable[..., None]
NOON = datetime(2031, 5, 1, 12, tzinfo=UTC)
LIMIT = Limit(3, timedelta(minutes=10))


@pytest.mark.parametrize(
    ("minutes_ago", "seconds"),
    [
        ([], 0),
        ([1, 2], 0),
        ([1, 2, 3], 7 * 60),
        ([1, 2, 3, 9], 7 * 60),
        ([0, 0, 0], 10 * 60),
        ([1, 2, 10], 0),
    ],
)
def test_the_oldest_that_counts_frees_the_way(minutes_ago: list[int], seconds: int) -> None:
    newest_first = [NOON - timedelta(minutes=ago) for ago in minutes_ago]
    assert seconds_to_wait(LIMIT, newest_first, NOON) == seconds


@given(st.lists(st.integers(0, 1200), max_size=12))
def test_after_the_wait_the_way_is_free(seconds_ago: list[int]) -> None:
    failures = sorted((NOON - timedelta(seconds=ago) for ago in seconds_ago), reverse=True)
    wait = seconds_to_wait(LIMIT, failures, NOON)
    assert 0 <= wait <= LIMIT.window.total_seconds()
    assert seconds_to_wait(LIMIT, failures, NOON + timedelta(seconds=wait)) == 0


@pytest.mark.parametrize(
    ("address", "site"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("", ""),
        ("nonsense", ""),
    ],
)
def test_an_ipv6_site_is_one_address(address: str, site: str) -> None:
    assert site_of(address) == site


@pytest.fixture
def carys(portal: Portal) -> Person:
    return portal.add("carys@bryn.example")


def _fail(portal: Portal, email: str, times: int, address: str = "") -> list[int]:
    body = {"email": email, "password": "a-wrong-password"}
    given = {"address": address} if address else {}
    return [portal.post("/sign-in", body, **given).status_code for _ in range(times)]


@pytest.mark.parametrize("email", ["carys@bryn.example", "nobody@bryn.example"])
def test_guessing_is_slowed_down_alike_for_known_and_unknown(portal: Portal, email: str) -> None:
    portal.add("carys@bryn.example")
    assert _fail(portal, email, 12) == [401] * 10 + [429] * 2


def test_the_wait_is_told_and_is_true(portal: Portal, carys: Person, later: Later) -> None:
    _fail(portal, carys.email, 10)
    refused = portal.begin(carys)
    assert (refused.status_code, (refused.json or {})["type"]) == (
        429,
        "urn:iamis:problem:too-many-requests",
    )
    later(seconds=int(refused.headers["Retry-After"]))
    assert portal.begin(carys).status_code == 200


def test_the_owner_is_not_stopped_from_elsewhere(portal: Portal, carys: Person) -> None:
    assert set(_fail(portal, carys.email, 100)) == {401, 429}
    assert portal.begin(carys).status_code == 429
    assert portal.sign_in(carys, address=ELSEWHERE)["user"]["id"] == carys.id


def test_another_account_of_the_same_address_is_not_stopped(portal: Portal, carys: Person) -> None:
    _fail(portal, "nobody@bryn.example", 20)
    assert portal.begin(carys).status_code == 200


def test_an_address_that_fails_at_many_accounts_is_stopped(
    portal: Portal, carys: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "OF_ONE_ADDRESS", Limit(5))
    for number in range(5):
        _fail(portal, f"teacher{number}@bryn.example", 1)
    assert portal.begin(carys).status_code == 429
    assert portal.begin(carys, address=ELSEWHERE).status_code == 200


def test_from_many_addresses_only_those_the_owner_uses_stay_open(
    portal: Portal, carys: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    portal.sign_in(carys)
    monkeypatch.setattr(throttle, "OF_ONE_ACCOUNT", Limit(5))
    for number in range(5):
        _fail(portal, carys.email, 1, f"203.0.113.{number}")
    assert portal.begin(carys, address=ELSEWHERE).status_code == 429
    assert portal.begin(carys).status_code == 200


def test_thirty_correct_sign_ins_a_minute_from_one_address_work(portal: Portal) -> None:
    people = [portal.add(f"teacher{number}@bryn.example") for number in range(30)]
    for person in people:
        portal.sign_in(person)


def test_a_sign_in_forgets_what_failed_before_it(portal: Portal, carys: Person) -> None:
    _fail(portal, carys.email, 9)
    portal.sign_in(carys)
    assert _fail(portal, carys.email, 11) == [401] * 10 + [429]


def test_a_right_password_alone_forgets_nothing(portal: Portal, carys: Person) -> None:
    """Else whoever knows it could guess codes without end."""
    begun = portal.begin(carys).json or {}
    answers = [portal.confirm(begun, wrong(code(carys.secret))).status_code for _ in range(5)]
    begun = portal.begin(carys).json or {}
    answers += [portal.confirm(begun, wrong(code(carys.secret))).status_code for _ in range(6)]
    assert answers == [401] * 10 + [429]


def test_a_used_code_counts_towards_nothing(portal: Portal, carys: Person) -> None:
    shown = code(carys.secret)
    assert portal.confirm(portal.begin(carys).json or {}, shown).status_code == 200
    begun = portal.begin(carys).json or {}
    assert {portal.confirm(begun, shown).status_code for _ in range(15)} == {401}
    with portal.service.database.reading() as session:
        assert rows_of(session, FailedAttempt) == []


def test_old_failures_are_not_kept(portal: Portal, carys: Person, later: Later) -> None:
    _fail(portal, "nobody@bryn.example", 5)
    later(minutes=11)
    portal.begin(carys)
    with portal.service.database.reading() as session:
        assert rows_of(session, FailedAttempt) == []


DEVICE = {"id": "a-device-id-drawn-at-random", "name": "Firefox"}
AGENT = "curl/8.0 of somebody"


def _from(portal: Portal, person: Person, device: object, password: str = "") -> int:
    body = {"email": person.email, "password": password or person.password, "device": device}
    return portal.post("/sign-in", body).status_code


def _used_from(portal: Portal, person: Person, device: object) -> None:
    begun = portal.begin(person).json or {}
    body = {"challenge": begun["challenge"], "code": code(person.secret), "device": device}
    assert portal.post("/sign-in/totp", body).status_code == 200


def test_an_owner_is_not_stopped_by_who_fails_at_the_same_address(
    portal: Portal, carys: Person, later: Later
) -> None:
    """On a device that the account was used from; whoever fails has none."""
    _used_from(portal, carys, DEVICE)
    later(minutes=11)
    assert _fail(portal, carys.email, 11)[-1] == 429
    assert portal.begin(carys).status_code == 429
    body = {"email": carys.email, "password": carys.password, "device": DEVICE}
    begun = portal.post("/sign-in", body).json or {}
    body = {"challenge": begun["challenge"], "code": code(carys.secret), "device": DEVICE}
    assert portal.post("/sign-in/totp", body).status_code == 200


def test_a_known_device_guesses_no_more_than_another(portal: Portal, carys: Person) -> None:
    _used_from(portal, carys, DEVICE)
    statuses = [_from(portal, carys, DEVICE, "a-wrong-password") for _each in range(12)]
    assert statuses == [401] * 10 + [429] * 2
    assert portal.begin(carys).status_code == 200, "and stops nobody at its address"


@pytest.mark.parametrize(
    "device",
    [
        {"id": "another-device-drawn-at-random", "name": "Firefox"},
        {"id": "short", "name": "Firefox"},
        {"id": f"agent:{AGENT}", "name": "Firefox"},
    ],
    ids=["not known", "short", "what anybody may say"],
)
def test_what_is_no_proof_of_a_device_is_none(
    portal: Portal, carys: Person, later: Later, device: dict[str, str]
) -> None:
    other = portal.add("other@bryn.example")
    _used_from(portal, other, {"id": "another-device-drawn-at-random", "name": "Firefox"})
    _used_from(portal, carys, {"id": "short", "name": "Firefox"})
    later(seconds=30)
    begun = portal.begin(carys).json or {}
    body = {"challenge": begun["challenge"], "code": code(carys.secret)}
    answer = portal.call("POST", "/sign-in/totp", json=body, headers={"User-Agent": AGENT})
    assert answer.status_code == 200
    _fail(portal, carys.email, 10)
    assert _from(portal, carys, device) == 429
