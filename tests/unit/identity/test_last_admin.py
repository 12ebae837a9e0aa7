"""A centre keeps an admin, whatever two of them do at once."""

from collections.abc import Callable

from tests.support.service import admin_of
from tests.support.together import together
from tests.unit.identity.people import Person, Portal

USERS = "/api/identity/centres/68101/users"
ADMIN = admin_of("68101")


def test_of_two_admins_who_demote_each_other_at_once_one_stays(portal: Portal) -> None:
    admins = [portal.add(f"{name}@bryn.example") for name in ("carys", "dewi")]

    def demote(person: Person) -> Callable[[], int]:
        path, wanted = f"{USERS}/{person.id}", {"account_type": "user"}
        return lambda: portal.service.call("PATCH", path, ADMIN, json=wanted).status_code

    assert sorted(together(*map(demote, admins))) == [200, 409]
    listed = portal.service.call("GET", USERS, ADMIN).json or {}
    assert sorted(user["account_type"] for user in listed["users"]) == ["admin", "user"]
