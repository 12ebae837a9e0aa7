"""The accounts of a centre: listing, inviting, granting, changing."""

from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.test import TestResponse

from services.identity.commands.accounts import Place
from services.identity.models import Membership
from shared.access.principal import Principal
from shared.audit import AuditRow
from tests.support.service import BOARD, MODERATOR, admin_of, rows_of, teacher_of
from tests.unit.identity.people import Person, Portal, code

USERS = "/api/identity/centres/68101/users"
INVITATIONS = "/api/identity/centres/68101/invitations"
ADMIN = admin_of("68101")
UNRESTRICTED: dict[str, list[str]] = {"qualifications": [], "papers": [], "teaching_sets": []}
NEW = {
    "first_name": "Siân",
    "last_name": "Ŵyn-Jones",
    "email": "sian@bryn.example",
    "language": "cy",
    "account_type": "user",
}


@pytest.fixture
def carys(portal: Portal) -> Person:
    return portal.add("carys@bryn.example")


@pytest.fixture
def dewi(portal: Portal) -> Person:
    place = Place("68101", "user", iamis=True)
    return portal.add("dewi@bryn.example", first_name="Dewi", last_name="Ábel", places=(place,))


def _invite(portal: Portal, **changed: Any) -> TestResponse:
    return portal.service.call("POST", INVITATIONS, ADMIN, json=NEW | changed)


def _change(portal: Portal, person: Person, **wanted: Any) -> TestResponse:
    return portal.service.call("PATCH", f"{USERS}/{person.id}", ADMIN, json=wanted)


@pytest.mark.parametrize(
    ("who", "listed", "invited"),
    [
        (None, 401, 401),
        (ADMIN, 200, 201),
        (teacher_of("68101"), 403, 403),
        (teacher_of("68101", iamis=False), 403, 403),
        (admin_of("68102"), 404, 404),
        (MODERATOR, 404, 404),
        (BOARD, 200, 403),
    ],
)
def test_only_admins_of_the_centre_manage_and_the_board_looks(
    portal: Portal, carys: Person, who: Principal | None, listed: int, invited: int
) -> None:
    assert portal.service.call("GET", USERS, who).status_code == listed
    changed = portal.service.call("PATCH", f"{USERS}/{carys.id}", who, json={})
    assert changed.status_code == (200 if invited == 201 else invited)
    answer = portal.service.call("POST", INVITATIONS, who, json=NEW)
    assert answer.status_code == invited


def test_the_list_tells_what_the_contract_names(portal: Portal, carys: Person) -> None:
    assert portal.service.call("GET", USERS, ADMIN).json == {
        "users": [
            {
                "id": carys.id,
                "email": "carys@bryn.example",
                "first_name": "Carys",
                "last_name": "Griffiths",
                "account_type": "admin",
                "iamis": True,
                "language": "en",
                "status": "active",
                "restrictions": UNRESTRICTED,
            }
        ],
        "total": 1,
        "page": 1,
        "rows": 20,
    }


@pytest.mark.parametrize(
    ("query", "surnames", "total"),
    [
        ("", ["Ábel", "Griffiths"], 2),
        ("?rows=1", ["Ábel"], 2),
        ("?rows=1&page=2", ["Griffiths"], 2),
        ("?page=9", [], 2),
        ("?search=abe", ["Ábel"], 1),
        ("?search=GRIFF", ["Griffiths"], 1),
        ("?search=dewi%40bryn", ["Ábel"], 1),
        ("?search=%25", [], 0),
    ],
)
def test_the_list_is_searched_by_page(
    portal: Portal, carys: Person, dewi: Person, query: str, surnames: list[str], total: int
) -> None:
    assert carys.id != dewi.id
    portal.add("other@hill.example", places=(Place("68102", "user"),))
    body = portal.service.call("GET", f"{USERS}{query}", ADMIN).json or {}
    assert [user["last_name"] for user in body["users"]] == surnames
    assert body["total"] == total


@pytest.mark.parametrize("query", ["rows=0", "rows=2001", "page=0", "rows=x", "search=a%00"])
def test_a_page_out_of_range_is_refused(portal: Portal, query: str) -> None:
    assert portal.service.call("GET", f"{USERS}?{query}", ADMIN).status_code == 422


def test_an_unknown_centre_is_not_found(portal: Portal) -> None:
    path = "/api/identity/centres/99999/users"
    assert portal.service.call("GET", path, BOARD).status_code == 404


def test_an_invited_account_waits_for_its_owner(portal: Portal) -> None:
    answer = _invite(portal)
    assert answer.status_code == 201
    body = answer.json or {}
    assert body == {
        "id": body["id"],
        "email": "sian@bryn.example",
        "first_name": "Siân",
        "last_name": "Ŵyn-Jones",
        "account_type": "user",
        "iamis": False,
        "language": "cy",
        "status": "invited",
        "restrictions": UNRESTRICTED,
    }
    row = portal.user(Person(body["id"], "", ""))
    assert row.must_change_password
    assert row.password_hash.startswith("$argon2id$")


def test_the_first_sign_in_makes_an_invited_account_active(portal: Portal) -> None:
    new = portal.add("new@bryn.example", enrolled=False, invited=True)
    begun = portal.begin(new).json or {}
    chosen = {"challenge": begun["challenge"], "new_password": "mynydd-afon-llyn"}
    portal.post("/sign-in/password", chosen)
    assert portal.confirm(begun, code(begun["enrol"]["secret"])).status_code == 200
    assert portal.user(new).status == "active"
    with portal.service.database.reading() as session:
        assert session.get_one(Membership, (new.id, "68101")).status == "active"


@pytest.mark.parametrize("email", ["sian@bryn.example", "SIAN@Bryn.Example", " sian@bryn.example "])
def test_an_address_is_invited_once(portal: Portal, email: str) -> None:
    assert _invite(portal).status_code == 201
    assert _invite(portal, email=email).status_code == 409


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"email": "not an address"}, "/email"),
        ({"email": "a@"}, "/email"),
        ({"email": None}, "/email"),
        ({"first_name": ""}, "/first_name"),
        ({"first_name": "   "}, "/first_name"),
        ({"last_name": "x" * 101}, "/last_name"),
        ({"last_name": "a\x00b"}, "/last_name"),
        ({"last_name": "a\u202eb"}, "/last_name"),
        ({"last_name": 7}, "/last_name"),
        ({"language": "fr"}, "/language"),
        ({"account_type": "board"}, "/account_type"),
    ],
)
def test_a_bad_invitation_names_the_field_and_makes_nothing(
    portal: Portal, changed: dict[str, Any], pointer: str
) -> None:
    answer = _invite(portal, **changed)
    assert answer.status_code == 422
    assert [fault["pointer"] for fault in (answer.json or {})["errors"]] == [pointer]
    assert (portal.service.call("GET", USERS, ADMIN).json or {})["total"] == 0


def test_an_invitation_sent_again_with_its_key_makes_one_account(portal: Portal) -> None:
    headers = {"Idempotency-Key": "once"}
    answers = [
        portal.service.call("POST", INVITATIONS, ADMIN, json=NEW, headers=headers) for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json == answers[1].json


def test_a_change_is_told_everywhere_and_the_old_token_is_stale(
    portal: Portal, carys: Person, dewi: Person
) -> None:
    assert carys.id
    token = portal.sign_in(dewi)["access_token"]
    answer = _change(portal, dewi, iamis=False)
    assert (answer.status_code, (answer.json or {})["iamis"]) == (200, False)
    stale = portal.call("GET", "/me", token=token)
    assert (stale.json or {})["type"] == "urn:iamis:problem:stale-token"
    (event,) = portal.service.emitted("user.access_changed.v1")
    assert event.subject == f"users/{dewi.id}"
    assert event.data == {
        "user_id": dewi.id,
        "access_version": 2,
        "tokens_from": 2,
        "ended_sessions": [],
        "grants": {"68101": {"account_type": "user", "iamis": False}},
    }
    with portal.service.database.reading() as session:
        (row,) = [row for row in rows_of(session, AuditRow) if row.action == "user.changed"]
    assert (row.by_id, row.subject) == (ADMIN.user_id, f"users/{dewi.id}")
    assert row.before == {"centre_no": "68101", "iamis": True}
    assert row.after == {"centre_no": "68101", "iamis": False}


@pytest.mark.parametrize("wanted", [{}, {"iamis": True}, {"account_type": "user", "status": None}])
def test_what_changes_nothing_tells_nobody(
    portal: Portal, dewi: Person, wanted: dict[str, Any]
) -> None:
    assert _change(portal, dewi, **wanted).status_code == 200
    assert portal.service.emitted("user.access_changed.v1") == []


def test_the_last_admin_stays(portal: Portal, carys: Person, dewi: Person) -> None:
    portal.add("invited@bryn.example", invited=True)
    for wanted in ({"account_type": "user"}, {"status": "deactivated"}):
        answer = _change(portal, carys, **wanted)
        assert (answer.status_code, (answer.json or {})["type"]) == (
            409,
            "urn:iamis:problem:last-admin",
        )
    assert _change(portal, dewi, account_type="admin").status_code == 200
    assert _change(portal, carys, account_type="user").status_code == 200
    assert _change(portal, dewi, status="deactivated").status_code == 409


def test_an_admin_always_has_access(portal: Portal, carys: Person, dewi: Person) -> None:
    answer = _change(portal, carys, iamis=False)
    assert answer.status_code == 422
    assert (answer.json or {})["errors"][0]["pointer"] == "/iamis"
    both = _change(portal, dewi, account_type="admin", iamis=False)
    assert both.status_code == 422


def test_whoever_is_deactivated_is_out_at_once_and_may_return(
    portal: Portal, carys: Person, dewi: Person, later: Callable[..., None]
) -> None:
    assert carys.id
    tokens = portal.sign_in(dewi)
    assert (_change(portal, dewi, status="deactivated").json or {})["status"] == "deactivated"
    assert portal.call("GET", "/me", token=tokens["access_token"]).status_code == 401
    assert portal.refresh(tokens["refresh_token"]).status_code == 401
    assert portal.begin(dewi).status_code == 401
    assert (_change(portal, dewi, status="active").json or {})["status"] == "active"
    later(minutes=1)
    assert portal.sign_in(dewi)["user"]["role"] == "user"


def test_an_invited_account_becomes_active_only_by_signing_in(portal: Portal) -> None:
    invited = portal.add("invited@bryn.example", invited=True, places=(Place("68101", "user"),))
    assert (_change(portal, invited, status="active").json or {})["status"] == "invited"
    assert (_change(portal, invited, status="deactivated").json or {})["status"] == "deactivated"
    assert (_change(portal, invited, status="active").json or {})["status"] == "invited"


def test_a_person_of_two_centres_stays_in_the_other(portal: Portal, carys: Person) -> None:
    places = (Place("68101", "user", iamis=True), Place("68102", "admin"))
    both = portal.add("both@bryn.example", places=places)
    assert carys.id
    _change(portal, both, status="deactivated")
    user = portal.sign_in(both)["user"]
    assert (user["centre_no"], user["role"]) == ("68102", "admin")


def test_accounts_of_others_are_not_found(portal: Portal) -> None:
    foreign = portal.add("other@hill.example", places=(Place("68102", "user"),))
    appointee = portal.add("mod@home.example", kind="appointee")
    for person in (foreign, appointee, Person("made-up", "", "")):
        assert _change(portal, person, iamis=True).status_code == 404


@pytest.mark.parametrize(
    ("wanted", "pointer"),
    [
        ({"iamis": "yes"}, "/iamis"),
        ({"account_type": "board"}, "/account_type"),
        ({"status": "invited"}, "/status"),
    ],
)
def test_a_change_that_is_not_as_agreed_names_the_field(
    portal: Portal, dewi: Person, wanted: dict[str, Any], pointer: str
) -> None:
    answer = _change(portal, dewi, **wanted)
    assert answer.status_code == 422
    assert [fault["pointer"] for fault in (answer.json or {})["errors"]] == [pointer]
