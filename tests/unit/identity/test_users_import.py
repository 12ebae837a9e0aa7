"""Bringing the accounts of a centre in line with a CSV file: all of it, or nothing."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from services.identity.commands import users_import
from services.identity.commands.accounts import Place
from services.identity.models import Membership, User
from shared.access.principal import Principal
from shared.audit import AuditRow
from shared.mail.models import Mail
from tests.support.service import BOARD, MODERATOR, admin_of, principal, rows_of, teacher_of
from tests.support.statements import counted
from tests.unit.identity.people import Person, Portal

USERS = "/api/identity/centres/68101/users"
IMPORT = f"{USERS}/import"
ADMIN = admin_of("68101")
HEADER = "first_name,last_name,email,language,account_type,iamis,status,qualifications,papers"
SIAN = "Siân,Ŵyn,sian@bryn.example,cy,user,yes,invited,,3100U4"


@pytest.fixture
def carys(portal: Portal) -> Person:
    return portal.add("carys@bryn.example")


@pytest.fixture
def dewi(portal: Portal) -> Person:
    place = Place("68101", "user", iamis=True)
    return portal.add("dewi@bryn.example", first_name="Dewi", last_name="Ábel", places=(place,))


def load(
    portal: Portal,
    *lines: str,
    header: str = HEADER,
    who: Principal | None = ADMIN,
    dry: bool = False,
) -> TestResponse:
    return portal.service.call(
        "POST",
        f"{IMPORT}{'?dry_run=' if dry else ''}",
        who,
        data="\n".join((header, *lines)).encode(),
        headers={"Content-Type": "text/csv"},
    )


def done(answer: TestResponse) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    return dict(answer.json or {})


def wrong(answer: TestResponse) -> dict[str, str]:
    assert answer.status_code == 422, answer.text
    return {error["pointer"]: error["detail"] for error in (answer.json or {})["errors"]}


def listed(portal: Portal) -> list[dict[str, Any]]:
    return list((portal.service.call("GET", f"{USERS}?rows=2000", ADMIN).json or {})["users"])


def rows(portal: Portal, model: type[Any]) -> list[Any]:
    with portal.service.database.reading() as session:
        found = rows_of(session, model)
        session.expunge_all()
        return found


def test_who_is_new_is_invited_and_who_is_there_is_changed(
    portal: Portal, carys: Person, dewi: Person
) -> None:
    changed = "Dewi,Ábel,DEWI@bryn.example,cy,admin,yes,active,,"
    looked = done(load(portal, SIAN, changed, dry=True))
    assert [(one["line"], one["action"]) for one in looked["changes"]] == [
        (2, "invited"),
        (3, "changed"),
    ]
    assert looked["changes"][1]["before"]["account_type"] == "user"
    assert len(listed(portal)) == 2
    assert rows(portal, Mail) == []

    assert done(load(portal, SIAN, changed)) == looked
    abel, _griffiths, sian = listed(portal)
    assert (abel["id"], abel["account_type"], abel["language"]) == (dewi.id, "admin", "cy")
    assert (sian["status"], sian["iamis"], sian["language"]) == ("invited", True, "cy")
    assert sian["restrictions"] == {"qualifications": [], "papers": ["3100U4"], "teaching_sets": []}
    assert [mail.kind for mail in rows(portal, Mail)] == ["invitation"]
    noted = [(row.action, row.subject) for row in rows(portal, AuditRow) if row.by_id != "operator"]
    assert sorted(noted) == sorted(
        [
            ("user.invited", f"users/{sian['id']}"),
            ("user.changed", f"users/{dewi.id}"),
            ("user.changed", f"users/{dewi.id}"),
        ]
    )
    assert carys.id


def test_what_was_exported_changes_nothing(portal: Portal, carys: Person, dewi: Person) -> None:
    odd = ["=1+1, and more", 'a "quoted" one']
    restricted = {"restrictions": {"qualifications": odd, "teaching_sets": ["10A", "Smith, 10B"]}}
    portal.service.call("PATCH", f"{USERS}/{dewi.id}", ADMIN, json=restricted)
    portal.add("old@bryn.example", first_name="=Eve", places=(Place("68101"),))
    old = next(user for user in listed(portal) if user["email"] == "old@bryn.example")
    off = {"status": "deactivated"}
    portal.service.call("PATCH", f"{USERS}/{old['id']}", ADMIN, json=off)
    done(load(portal, SIAN))
    before = listed(portal)

    file = portal.service.call("GET", f"{USERS}?format=csv&rows=2000", ADMIN).get_data()
    headers = {"Content-Type": "text/csv"}
    answer = portal.service.call("POST", IMPORT, ADMIN, data=file, headers=headers)
    assert done(answer) == {"changes": [], "unchanged": len(before)}
    assert listed(portal) == before
    assert carys.id in {user["id"] for user in before}


def test_repeating_it_changes_nothing(portal: Portal, carys: Person, dewi: Person) -> None:
    other = portal.add("nia@hill.example", places=(Place("68102", "user"),))
    lines = (
        SIAN,
        "Dewi,Ábel,dewi@bryn.example,en,user,no,deactivated,GCSE,",
        "Nia,Else,nia@hill.example,cy,admin,yes,active,,",
    )
    assert len(done(load(portal, *lines))["changes"]) == 3
    mails = len(rows(portal, Mail))
    assert done(load(portal, *lines)) == {"changes": [], "unchanged": 3}
    assert len(rows(portal, Mail)) == mails
    # What others have too stays as its owner wants it.
    assert portal.user(other).language == "en"
    found = {user["email"]: user["id"] for user in listed(portal)}
    assert {carys.id, dewi.id} <= set(found.values())
    assert found["nia@hill.example"] != other.id, "until they accept nothing is told of them"


def test_columns_and_cells_that_are_missing_leave_things_as_they_are(
    portal: Portal, carys: Person, dewi: Person
) -> None:
    restricted = {"restrictions": {"papers": ["3100U4"]}}
    portal.service.call("PATCH", f"{USERS}/{dewi.id}", ADMIN, json=restricted)
    before = listed(portal)
    line = "dewi@bryn.example,Dewi,Ábel,en,user"
    short = "email,first_name,last_name,language,account_type"
    assert done(load(portal, line, header=short))["changes"] == []
    assert done(load(portal, f"{line},,", header=f"{short},iamis,status"))["changes"] == []
    assert listed(portal) == before
    assert carys.id


def test_every_bad_line_is_named_and_nothing_is_done(
    portal: Portal, carys: Person, dewi: Person
) -> None:
    portal.add("max@board.example", kind="board")
    answer = load(
        portal,
        SIAN,
        ",Ŵyn,not an address,fr,owner,maybe,gone,,",
        "Siân,Ŵyn,SIAN@bryn.example,cy,user,yes,invited,,",
        "Max,Board,max@board.example,en,user,yes,,,",
        "Nia,New,nia@bryn.example,en,user,yes,deactivated,,",
        "Adi,Admin,adi@bryn.example,en,admin,no,,,",
        "too,short",
        'a"b,"open',
    )
    assert set(wrong(answer)) == {
        "/lines/3/first_name",
        "/lines/3/email",
        "/lines/3/language",
        "/lines/3/account_type",
        "/lines/3/iamis",
        "/lines/3/status",
        "/lines/4/email",
        "/lines/6/status",
        "/lines/7/iamis",
        "/lines/8",
        "/lines/9",
    }
    assert {user["id"] for user in listed(portal)} == {carys.id, dewi.id}
    assert rows(portal, Mail) == []


@pytest.mark.parametrize(
    ("header", "pointers"),
    [
        ("first_name,last_name,email,language", {"/lines/1/account_type"}),
        (f"{HEADER},colour", {"/lines/1"}),
        (f"{HEADER},email", {"/lines/1/email"}),
    ],
)
def test_a_first_line_that_is_none(portal: Portal, header: str, pointers: set[str]) -> None:
    assert set(wrong(load(portal, header=header))) == pointers


def test_the_last_admin_stays_and_may_be_followed(
    portal: Portal, carys: Person, dewi: Person
) -> None:
    demoted = "Carys,Griffiths,carys@bryn.example,en,user,yes,,,"
    promoted = "Dewi,Ábel,dewi@bryn.example,en,admin,yes,,,"
    assert set(wrong(load(portal, demoted))) == {"/lines/2/account_type"}
    gone = promoted.replace(",,,", ",deactivated,,")
    assert "/lines/2/account_type" in wrong(load(portal, demoted, gone))
    done(load(portal, demoted, promoted))
    assert [user["account_type"] for user in listed(portal)] == ["admin", "user"]
    assert carys.id != dewi.id


def test_nobody_cuts_themselves_off(portal: Portal, carys: Person, dewi: Person) -> None:
    portal.service.call("PATCH", f"{USERS}/{dewi.id}", ADMIN, json={"account_type": "admin"})
    herself = principal("centre", user_id=carys.id, centres=ADMIN.centres)
    line = "Carys,Griffiths,carys@bryn.example,en,admin,yes,deactivated,,"
    assert set(wrong(load(portal, line, who=herself))) == {"/lines/2/status"}
    one = portal.service.call(
        "PATCH", f"{USERS}/{carys.id}", herself, json={"status": "deactivated"}
    )
    assert (one.status_code, (one.json or {})["type"]) == (409, "urn:iamis:problem:own-account")


def test_a_file_has_its_bounds(
    portal: Portal, carys: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(users_import, "MOST_INVITED", 1)
    second = SIAN.replace("sian@", "nia@")
    assert set(wrong(load(portal, SIAN, second))) == {"/lines/3/email"}
    assert done(load(portal, SIAN))
    assert done(load(portal, SIAN, second))
    assert carys.id


@pytest.mark.parametrize(
    ("who", "status"),
    [
        (None, 401),
        (teacher_of("68101"), 403),
        (BOARD, 403),
        (admin_of("68102"), 404),
        (MODERATOR, 404),
    ],
)
def test_only_admins_of_the_centre(portal: Portal, who: Principal | None, status: int) -> None:
    assert load(portal, SIAN, who=who).status_code == status
    assert rows(portal, Membership) == rows(portal, User) == []


def test_looking_asks_as_little_for_many_as_for_one(portal: Portal, carys: Person) -> None:
    many = [SIAN.replace("sian@", f"sian{number}@") for number in range(20)]
    assert len(done(load(portal, *many))["changes"]) == 20
    counts = []
    for lines in (many[:1], many):
        file = users_import.read_file(f"{line}\n".encode() for line in (HEADER, *lines))
        with counted(portal.service.database) as asked, portal.service.transaction() as session:
            users_import.try_import(session, ADMIN, "68101", file)
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert carys.id
