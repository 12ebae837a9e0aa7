"""Signing in: password, new password, code; and every way it is refused."""

from collections.abc import Callable

import jwt
import pytest

from services.identity.commands import passwords
from services.identity.domain.codes import code_at
from services.identity.models import Membership, User
from shared import clock
from shared.audit import AuditRow
from tests.support.metrics import Moved
from tests.support.service import rows_of
from tests.unit.identity.people import PASSWORD, Person, Portal, code, wrong

Later = Callable[..., None]


@pytest.fixture
def carys(portal: Portal) -> Person:
    return portal.add("carys.griffiths@bryn.example")


def test_password_and_code_open_a_session(portal: Portal, carys: Person) -> None:
    begun = portal.begin(carys)
    assert begun.status_code == 200
    assert set(begun.json or {}) == {"challenge", "mfa"}
    assert (begun.json or {})["mfa"] == "totp"
    answer = portal.confirm(begun.json or {}, code(carys.secret))
    assert answer.status_code == 200
    body = answer.json or {}
    assert (body["token_type"], body["expires_in"]) == ("Bearer", 600)
    assert body["user"] == {
        "id": carys.id,
        "email": "carys.griffiths@bryn.example",
        "first_name": "Carys",
        "last_name": "Griffiths",
        "name": "Carys Griffiths",
        "role": "admin",
        "centre_no": "68101",
        "centres": [
            {
                "centre_no": "68101",
                "name": "Ysgol y Bryn",
                "account_type": "admin",
                "iamis": True,
            }
        ],
        "language": "en",
        "invitations": 0,
    }
    me = portal.call("GET", "/me", token=body["access_token"])
    assert (me.status_code, me.json) == (200, body["user"])


def test_the_longest_names_stand_beside_what_is_done(portal: Portal) -> None:
    long = portal.add("long@bryn.example", first_name="F" * 100, last_name="L" * 100)
    name = f"{'F' * 100} {'L' * 99}"
    assert portal.sign_in(long)["user"]["name"] == name
    with portal.service.database.reading() as session:
        noted = {row.by for row in rows_of(session, AuditRow) if row.by_id == long.id}
    assert noted == {name}


def test_the_access_token_is_verified_with_the_published_keys(
    portal: Portal, carys: Person
) -> None:
    token = portal.sign_in(carys)["access_token"]
    published = portal.call("GET", "/.well-known/jwks.json").json or {}
    kid = jwt.get_unverified_header(token)["kid"]
    key = next(jwt.PyJWK.from_dict(key) for key in published["keys"] if key["kid"] == kid)
    claims = jwt.decode(
        token,
        key,
        algorithms=["EdDSA"],
        audience="iamis",
        issuer="iamis",
        options={"verify_iat": False, "verify_exp": False},  # the clock of the test stands still
    )
    assert claims["iat"] == int(clock.now().timestamp())
    assert claims["exp"] - claims["iat"] == 600
    assert (claims["sub"], claims["kind"], claims["av"]) == (carys.id, "centre", 1)
    assert claims["centres"] == {"68101": {"account_type": "admin", "iamis": False}}
    assert claims["jti"]
    assert claims["sid"]


@pytest.mark.parametrize(
    "spelt", ["CARYS.Griffiths@Bryn.Example", "  carys.griffiths@bryn.example "]
)
def test_the_case_of_an_address_does_not_count(portal: Portal, carys: Person, spelt: str) -> None:
    assert portal.begin(Person(carys.id, spelt, carys.secret)).status_code == 200


def test_a_code_typed_with_spaces_is_taken(portal: Portal, carys: Person) -> None:
    begun = portal.begin(carys).json or {}
    digits = code(carys.secret)
    assert portal.confirm(begun, f" {digits[:3]} {digits[3:]} ").status_code == 200


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("carys.griffiths@bryn.example", "not-the-password"),
        ("carys.griffiths@bryn.example", ""),
        ("nobody@bryn.example", PASSWORD),
        ("gone@bryn.example", PASSWORD),
        ("left@bryn.example", PASSWORD),
        ("", ""),
        ("a\x00b", PASSWORD),
    ],
)
def test_wrong_credentials_are_all_told_the_same(
    portal: Portal, carys: Person, email: str, password: str
) -> None:
    gone, left = portal.add("gone@bryn.example"), portal.add("left@bryn.example")
    with portal.service.transaction() as session:
        session.get_one(User, gone.id).status = "deactivated"
        session.get_one(Membership, (left.id, "68101")).status = "deactivated"
    answer = portal.post("/sign-in", {"email": email, "password": password})
    expected = portal.begin(carys, password="wrong-password")
    assert answer.status_code == expected.status_code == 401
    differing = {"request_id"}
    assert {k: v for k, v in (answer.json or {}).items() if k not in differing} == {
        k: v for k, v in (expected.json or {}).items() if k not in differing
    }


def test_an_unknown_account_costs_a_verification_too(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    verified: list[str | None] = []
    real = passwords.is_right

    def noting(password_hash: str | None, password: str) -> bool:
        verified.append(password_hash)
        return real(password_hash, password)

    monkeypatch.setattr(passwords, "is_right", noting)
    portal.post("/sign-in", {"email": "nobody@bryn.example", "password": PASSWORD})
    assert verified == [None]
    assert not real(None, PASSWORD)


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        ("/sign-in", {"email": "a@b.example"}, "/password"),
        ("/sign-in", {"email": 1, "password": "x"}, "/email"),
        ("/sign-in", {"email": "a", "password": "x" * 1025}, "/password"),
        ("/sign-in", {"email": "\ud800", "password": "x"}, "/email"),
        ("/sign-in", {"email": "a", "password": "\udfff"}, "/password"),
        ("/sign-in/totp", {"challenge": "\ud800", "code": "1"}, "/challenge"),
        ("/sign-in/totp", {"challenge": "x", "code": "\ud800"}, "/code"),
        ("/sign-in/password", {"challenge": "x", "new_password": "\ud800"}, "/new_password"),
        ("/token/refresh", {"refresh_token": "\ud800"}, "/refresh_token"),
        ("/sign-in/totp", {"challenge": "x"}, "/code"),
        ("/sign-in/totp", {"challenge": "x", "code": 123456}, "/code"),
        ("/sign-in/password", {"challenge": "x"}, "/new_password"),
        ("/token/refresh", {}, "/refresh_token"),
        ("/sign-out", {"refresh_token": 7}, "/refresh_token"),
    ],
)
def test_a_body_that_is_not_as_agreed_names_the_field(
    portal: Portal, path: str, body: dict[str, object], pointer: str
) -> None:
    answer = portal.post(path, body)
    assert answer.status_code == 422
    assert [fault["pointer"] for fault in (answer.json or {})["errors"]] == [pointer]


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "1234567", "٣٤٥٦٧٨"])
def test_a_wrong_code_is_refused(portal: Portal, carys: Person, typed: str) -> None:
    begun = portal.begin(carys).json or {}
    answer = portal.confirm(begun, typed)
    assert (answer.status_code, (answer.json or {})["type"]) == (
        401,
        "urn:iamis:problem:wrong-code",
    )
    assert portal.confirm(begun, code(carys.secret)).status_code == 200


def test_sign_ins_are_counted_by_their_outcome(portal: Portal, carys: Person) -> None:
    moved = Moved()
    portal.begin(carys, password="wrong-password")
    begun = portal.begin(carys).json or {}
    portal.confirm(begun, wrong(code(carys.secret)))
    portal.confirm(begun, code(carys.secret))
    portal.confirm(portal.begin(carys).json or {}, code(carys.secret))
    portal.confirm(begun, code(carys.secret))
    outcomes = ("wrong-credentials", "wrong-code", "completed", "used-code", "challenge-ended")
    assert moved.of("iamis_sign_ins_total") == {(outcome,): 1 for outcome in outcomes}


MADE = {"key.added", "user.created"}


@pytest.mark.parametrize(("steps", "status"), [(-2, 401), (-1, 200), (0, 200), (1, 200), (2, 401)])
def test_one_step_of_drift_is_allowed(
    portal: Portal, carys: Person, later: Later, steps: int, status: int
) -> None:
    # Not before the key that signs was made.
    later(minutes=5)
    begun = portal.begin(carys).json or {}
    shown = code_at(carys.secret, clock.now())
    later(seconds=-30 * steps)
    assert portal.confirm(begun, shown).status_code == status


def test_a_code_is_taken_once(portal: Portal, carys: Person) -> None:
    first, second = portal.begin(carys).json or {}, portal.begin(carys).json or {}
    shown = code(carys.secret)
    assert portal.confirm(first, shown).status_code == 200
    answer = portal.confirm(second, shown)
    assert (answer.status_code, (answer.json or {})["type"]) == (
        401,
        "urn:iamis:problem:used-code",
    )


def test_the_next_code_is_taken_after_a_used_one(
    portal: Portal, carys: Person, later: Later
) -> None:
    portal.sign_in(carys)
    begun = portal.begin(carys).json or {}
    assert portal.confirm(begun, code(carys.secret)).status_code == 401
    later(seconds=30)
    assert portal.confirm(begun, code(carys.secret)).status_code == 200


def test_a_challenge_is_taken_once_and_not_for_long(
    portal: Portal, carys: Person, later: Later
) -> None:
    begun = portal.begin(carys).json or {}
    assert portal.confirm(begun, code(carys.secret)).status_code == 200
    later(minutes=1)
    assert portal.confirm(begun, code(carys.secret)).status_code == 401
    begun = portal.begin(carys).json or {}
    later(minutes=10, seconds=1)
    answer = portal.confirm(begun, code(carys.secret))
    assert (answer.status_code, (answer.json or {})["type"]) == (
        401,
        "urn:iamis:problem:challenge-ended",
    )
    assert portal.confirm({"challenge": "made-up"}, "123456").status_code == 401


def test_whoever_is_deactivated_in_between_is_refused(portal: Portal, carys: Person) -> None:
    begun = portal.begin(carys).json or {}
    with portal.service.transaction() as session:
        session.get_one(User, carys.id).status = "deactivated"
    assert portal.confirm(begun, code(carys.secret)).status_code == 401


def test_nothing_secret_is_in_the_audit_trail(portal: Portal, carys: Person) -> None:
    portal.begin(carys, password="a-wrong-password")
    begun = portal.begin(carys).json or {}
    shown = code(carys.secret)
    portal.confirm(begun, wrong(shown))
    answer = portal.confirm(begun, shown).json or {}
    with portal.service.database.reading() as session:
        rows = [row for row in rows_of(session, AuditRow) if row.action not in MADE]
    assert [(row.action, row.by) for row in rows] == [
        ("sign_in.refused", "not signed in"),
        ("sign_in.code_refused", "not signed in"),
        ("sign_in.completed", "Carys Griffiths"),
    ]
    told = " ".join(f"{row.before} {row.after} {row.why}" for row in rows)
    for secret in (PASSWORD, "a-wrong-password", shown, carys.secret, answer["refresh_token"]):
        assert secret not in told
