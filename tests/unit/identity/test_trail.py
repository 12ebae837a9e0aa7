"""The audit trail: what admins see of their centre, and the board of everything."""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.orm import Session

from services.identity.commands.accounts import Place
from services.identity.models import Refusal
from services.identity.queries import trail
from services.identity.queries.trail_names import Names, names_of
from shared.access.principal import Principal
from shared.audit import AuditRow, Change, record
from tests.support.service import BOARD, admin_of, rows_of, teacher_of
from tests.unit.identity.people import HOME, Person, Portal

ALL = "/api/identity/audit"
HERE = "/api/identity/centres/68101/audit"
ADMIN = admin_of("68101")


@pytest.fixture
def dewi(portal: Portal) -> Person:
    return portal.add("dewi@bryn.example", first_name="Dewi", places=(Place("68101"),))


def shown(portal: Portal, path: str = HERE, who: Principal = ADMIN) -> dict[str, Any]:
    answer = portal.service.call("GET", path, who)
    assert answer.status_code == 200, answer.text
    return dict(answer.json or {})


def actions(found: dict[str, Any]) -> list[str]:
    return [event["action"] for event in found["events"]]


def grant(portal: Portal, person: Person, centre_no: str = "68101") -> None:
    path = f"/api/identity/centres/{centre_no}/users/{person.id}"
    portal.service.call("PATCH", path, admin_of(centre_no), json={"iamis": True})


def test_a_change_is_told_with_who_whom_from_and_to(portal: Portal, dewi: Person) -> None:
    grant(portal, dewi)
    event = shown(portal)["events"][0]
    assert (event["action"], event["what"], event["by"], event["about"]) == (
        "user.changed",
        "An account was changed",
        ADMIN.name,
        "Dewi Griffiths",
    )
    assert event["before"] == {"centre_no": "68101", "iamis": False}
    assert event["after"] == {"centre_no": "68101", "iamis": True}


def test_signing_in_and_failing_to_are_in_it(portal: Portal, dewi: Person) -> None:
    portal.begin(dewi, password="wrong password")
    portal.sign_in(dewi)
    told = actions(shown(portal))
    assert {"sign_in.refused", "sign_in.completed", "user.created"} <= set(told)


def test_nobody_is_named_in_the_language_of_who_reads(portal: Portal, dewi: Person) -> None:
    portal.begin(dewi, password="wrong password")
    by = [
        shown(portal, who=who)["events"][0]["by"] for who in (ADMIN, replace(ADMIN, language="cy"))
    ]
    assert by == ["not signed in", "heb fewngofnodi"]


def test_what_was_done_is_told_in_the_language_of_who_reads(portal: Portal, dewi: Person) -> None:
    grant(portal, dewi)
    event = shown(portal, who=replace(ADMIN, language="cy"))["events"][0]
    assert (event["action"], event["what"]) == ("user.changed", "Newidiwyd cyfrif")


def test_a_centre_learns_nothing_of_another(portal: Portal) -> None:
    places = (Place("68101"), Place("68102"))
    both = portal.add("both@example.org", places=places)
    other = portal.add("other@hill.example", places=(Place("68102"),))
    grant(portal, both, "68102")
    grant(portal, other, "68102")
    portal.sign_in(other)
    found = shown(portal)
    assert actions(found) == ["user.created"]
    assert (found["events"][0]["about"], found["events"][0]["after"]) == ("Carys Griffiths", {})
    assert "68102" not in str(found)
    assert found["total"] == 1


def test_of_who_has_left_only_what_concerned_the_centre_is_kept(
    portal: Portal, later: Callable[..., None]
) -> None:
    places = (Place("68101"), Place("68102"))
    both = portal.add("both@example.org", places=places)
    portal.sign_in(both)
    before = actions(shown(portal))
    assert "sign_in.completed" in before
    path = f"/api/identity/centres/68101/users/{both.id}"
    off = portal.service.call("PATCH", path, ADMIN, json={"status": "deactivated"})
    assert off.status_code == 200
    later(minutes=5)
    portal.sign_in(both)
    assert actions(shown(portal)) == ["user.changed", *before]
    assert actions(shown(portal, f"{HERE}?user_id={both.id}")) == ["user.changed", *before]
    elsewhere = "/api/identity/centres/68102/audit"
    assert actions(shown(portal, elsewhere, admin_of("68102"))).count("sign_in.completed") == 2

    later(minutes=5)
    portal.service.call("PATCH", path, ADMIN, json={"status": "active"})
    portal.sign_in(both)
    assert "sign_in.completed" in actions(shown(portal))[:2]


def test_the_board_sees_everything(portal: Portal, dewi: Person) -> None:
    grant(portal, dewi)
    told = set(actions(shown(portal, ALL, BOARD)))
    assert {"key.added", "user.created", "user.changed"} <= told
    assert actions(shown(portal, HERE, BOARD)) == ["user.changed", "user.created"]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("?since=2031-05-01", ["user.changed", "user.created"]),
        ("?since=2031-05-02", []),
        ("?until=2031-05-01", ["user.changed", "user.created"]),
        ("?until=2031-04-30", []),
        ("?action=user.ch", ["user.changed"]),
        ("?action=%25", []),
        ("?user_id=nobody", []),
        ("?rows=1", ["user.changed"]),
        ("?rows=1&page=2", ["user.created"]),
    ],
)
def test_it_is_filtered_and_paged(
    portal: Portal, dewi: Person, query: str, told: list[str]
) -> None:
    grant(portal, dewi)
    assert actions(shown(portal, HERE + query)) == told


@pytest.mark.parametrize("query", ["since=x", "since=0001-01-01", "until=9999-12-31", "rows=0"])
def test_what_cannot_be_read_is_refused(portal: Portal, query: str) -> None:
    assert portal.service.call("GET", f"{HERE}?{query}", ADMIN).status_code == 422


def test_a_teacher_sees_none(portal: Portal) -> None:
    assert portal.service.call("GET", HERE, teacher_of("68101")).status_code == 403
    assert portal.service.call("GET", ALL, ADMIN).status_code == 403


def test_it_comes_as_csv_without_formulas(portal: Portal) -> None:
    portal.add("a@bryn.example", first_name="=cmd()", places=(Place("68101"),))
    answer = portal.service.call("GET", f"{HERE}?format=csv", ADMIN)
    assert answer.mimetype == "text/csv"
    header, row = csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig")))
    read = dict(zip(header, row, strict=True))
    assert (read["action"], read["centre_no"]) == ("user.created", "68101")
    assert not read["about"].startswith("=")
    assert '"email": "a@bryn.example"' in read["after"]
    assert (read["by"], read["what"]) == ("an operator", "An account was made")


def test_as_a_file_it_is_all_there_is(portal: Portal, dewi: Person) -> None:
    event = Change(after={"user_id": dewi.id})
    with portal.service.database.transaction() as session:
        for number in range(trail.FETCHED):
            record(session, None, f"tried.{number}", "68101/p1", event)
    total = shown(portal)["total"]
    answer = portal.service.call("GET", f"{HERE}?format=csv&rows=1&page=2", ADMIN)
    lines = list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
    assert len(lines) == total == trail.FETCHED + 1
    assert (lines[0]["action"], lines[-1]["about"]) == (
        f"tried.{trail.FETCHED - 1}",
        "Dewi Griffiths",
    )


def test_a_file_is_made_while_it_is_sent(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long the trail is, few of its rows are held."""
    monkeypatch.setattr(trail, "FETCHED", 10)
    with portal.service.database.transaction() as session:
        for number in range(500):
            record(session, None, "tried", f"68101/{number}", Change(why="x" * 100))
    portions: list[int] = []

    def noted(session: Session, rows: Sequence[AuditRow], centre_no: str) -> Names:
        portions.append(len(rows))
        return names_of(session, rows, centre_no)

    monkeypatch.setattr(trail, "names_of", noted)
    answer = portal.service.call("GET", f"{HERE}?format=csv", ADMIN)
    begun = len(portions)
    assert answer.get_data().count(b"68101/") == 500
    assert 1 <= begun < len(portions) == 50
    assert set(portions) == {10}


def test_refusals_of_no_account_are_noted_few_times_however_many(
    portal: Portal, later: Callable[..., None]
) -> None:
    """Anybody can make up addresses; with how many it were each time."""

    def fail(times: int) -> None:
        for number in range(times):
            portal.post("/sign-in", {"email": f"n{number}@nowhere.example", "password": "wrong"})

    fail(25)
    later(hours=1)
    fail(1)
    with portal.service.database.reading() as session:
        noted = [row for row in rows_of(session, AuditRow) if row.action == "sign_in.refused"]
        counted = rows_of(session, Refusal)
    assert [row.subject for row in noted] == ["users/unknown"] * 3
    assert [row.after for row in noted] == [
        {"address": HOME},
        {"address": HOME, "times": 10},
        {"address": HOME},
    ]
    assert sorted(row.times for row in counted) == [1, 25]


def test_each_refusal_of_an_account_is_noted(portal: Portal) -> None:
    dewi = portal.add("dewi@bryn.example")
    for _each in range(4):
        portal.begin(dewi, password="wrong-horse-battery")
    with portal.service.database.reading() as session:
        noted = [row for row in rows_of(session, AuditRow) if row.action == "sign_in.refused"]
    assert [row.subject for row in noted] == [f"users/{dewi.id}"] * 4
