"""What changes the rights of others asks for a password and a code given lately."""

from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.test import TestResponse

from services.identity.commands.accounts import Place
from shared.audit import AuditRow
from tests.support.service import rows_of
from tests.unit.identity.people import Person, Portal, code, wrong

Later = Callable[..., None]
HERE = "/centres/68101"
NEW = {"first_name": "Siân", "last_name": "Jones", "email": "s@bryn.example", "language": "cy"}
TOOL = {"name": "Importer", "scopes": ["marks:read"]}
STAFF = NEW | {"kind": "board"}
FILE = "first_name,last_name,email,language,account_type,iamis,status\n"


@pytest.fixture
def carys(portal: Portal) -> Person:
    return portal.add("carys@bryn.example")


@pytest.fixture
def dewi(portal: Portal) -> Person:
    return portal.add("dewi@bryn.example", places=(Place("68101"),))


@pytest.fixture
def asking(portal: Portal, carys: Person, later: Later) -> "Asking":
    """An admin."""
    return Asking(portal, carys, later)


@pytest.fixture
def max_(portal: Portal) -> Person:
    return portal.add("max@board.example", kind="board")


class Asking:
    """Somebody who signed in 16 minutes ago and has refreshed since."""

    def __init__(self, portal: Portal, person: Person, later: Later) -> None:
        self.portal, self.person = portal, person
        tokens = portal.sign_in(person)
        later(minutes=16)
        self.token = (portal.refresh(tokens["refresh_token"]).json or {})["access_token"]

    def send(self, method: str, path: str, body: Any = None, **options: Any) -> TestResponse:
        given = {"json": body} if body is not None else {}
        return self.portal.call(method, path, token=self.token, **given, **options)

    def prove(self, **changed: str) -> TestResponse:
        body = {"password": self.person.password, "code": code(self.person.secret)}
        return self.send("POST", "/me/reauthentication", body | changed)


def asks(answer: TestResponse) -> bool:
    problem = "urn:iamis:problem:reauthentication-required"
    return answer.status_code == 403 and (answer.json or {})["type"] == problem


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", "/users/{id}", {"account_type": "admin"}),
        ("PATCH", "/users/{id}", {"status": "deactivated"}),
        ("DELETE", "/users/{id}/second-factor", None),
        ("POST", "/invitations", NEW | {"account_type": "admin"}),
    ],
)
def test_an_admin_is_asked_and_then_not(
    asking: "Asking", dewi: Person, method: str, path: str, body: object
) -> None:
    path = HERE + path.format(id=dewi.id)
    assert asks(asking.send(method, path, body))
    assert asking.prove().status_code == 204
    assert asking.send(method, path, body).status_code in {200, 201, 204}


def test_a_sign_in_counts_for_fifteen_minutes(
    portal: Portal, carys: Person, dewi: Person, later: Later
) -> None:
    token = portal.sign_in(carys)["access_token"]
    path, statuses = f"{HERE}/users/{dewi.id}", []
    for kind in ("admin", "user"):
        later(minutes=4.9)
        wanted = {"account_type": kind}
        statuses.append(portal.call("PATCH", path, token=token, json=wanted).status_code)
    assert statuses == [200, 200]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/service-accounts", TOOL),
        ("POST", "/accounts", STAFF),
        ("PATCH", "/accounts/{id}", {"status": "deactivated"}),
        ("POST", "/second-factor-resets", {"email": "ann@board.example"}),
    ],
)
def test_the_board_is_asked_too(
    portal: Portal, max_: Person, later: Later, method: str, path: str, body: object
) -> None:
    ann = portal.add("ann@board.example", kind="board")
    asking = Asking(portal, max_, later)
    path = path.format(id=ann.id)
    assert asks(asking.send(method, path, body))
    assert asking.prove().status_code == 204
    assert asking.send(method, path, body).status_code in {200, 201, 204}


def test_a_tools_secret_and_end_ask(portal: Portal, max_: Person, later: Later) -> None:
    token = portal.sign_in(max_)["access_token"]
    tool = portal.call("POST", "/service-accounts", token=token, json=TOOL).json or {}
    later(minutes=1)
    asking = Asking(portal, max_, later)
    assert asks(asking.send("POST", f"/service-accounts/{tool['client_id']}/secret"))
    assert asks(asking.send("DELETE", f"/service-accounts/{tool['client_id']}"))


def test_what_is_of_no_rank_asks_for_nothing(
    portal: Portal, carys: Person, dewi: Person, later: Later
) -> None:
    """The IAMIS switch above all, also beside an account type that stays as it is."""
    asking = Asking(portal, carys, later)
    path = f"{HERE}/users/{dewi.id}"
    same = {"iamis": True, "account_type": "user", "restrictions": {"papers": ["3700U1"]}}
    assert asking.send("PATCH", path, same).status_code == 200
    invited = asking.send("POST", f"{HERE}/invitations", NEW | {"account_type": "user"})
    assert invited.status_code == 201


def test_a_file_asks_where_it_changes_ranks(
    portal: Portal, carys: Person, dewi: Person, later: Later
) -> None:
    asking = Asking(portal, carys, later)
    path, kind = f"{HERE}/users/import", {"Content-Type": "text/csv"}
    same = f"{FILE}Carys,Griffiths,{dewi.email},en,user,yes,active\n"
    higher = f"{FILE}Carys,Griffiths,{dewi.email},en,admin,yes,active\n"
    assert asking.send("POST", path, data=same, headers=kind).status_code == 200
    assert asks(asking.send("POST", path, data=higher, headers=kind))
    assert portal.user(dewi).access_version == 2, "nothing of it was done"


def test_what_is_wrong_is_told_and_counted(portal: Portal, carys: Person, later: Later) -> None:
    asking = Asking(portal, carys, later)
    refused = asking.prove(password="wrong-horse-battery")
    assert (refused.status_code, _at_fault(refused)) == (422, "/password")
    refused = asking.prove(code=wrong(code(carys.secret)))
    assert (refused.status_code, _at_fault(refused)) == (422, "/code")
    assert portal.user(carys).wrong_codes == 1
    assert asking.prove().status_code == 204
    assert _at_fault(asking.prove()) == "/code", "a code is good once"
    for _each in range(10):
        asking.prove(password="wrong-horse-battery")
    assert asking.prove().status_code == 429
    with portal.service.database.reading() as session:
        actions = [row.action for row in rows_of(session, AuditRow)]
    assert "reauthentication.completed" in actions
    assert "reauthentication.refused" in actions


def _at_fault(answer: TestResponse) -> str:
    return str((answer.json or {})["errors"][0]["pointer"])


def test_another_session_of_the_person_is_not_meant(
    portal: Portal, carys: Person, dewi: Person, later: Later
) -> None:
    asking = Asking(portal, carys, later)
    assert asking.prove().status_code == 204
    later(minutes=1)
    other = Asking(portal, carys, later)
    wanted = {"account_type": "admin"}
    assert asks(other.send("PATCH", f"{HERE}/users/{dewi.id}", wanted))
