"""The accounts of a centre as CSV."""

import csv
import io

from services.identity.commands.accounts import Place
from tests.support.service import admin_of
from tests.unit.identity.people import Portal

USERS = "/api/identity/centres/68101/users"
ADMIN = admin_of("68101")


def test_the_list_is_a_table_without_formulas(portal: Portal) -> None:
    place = Place("68101", "user", iamis=True)
    portal.add("dewi@bryn.example", first_name="Dewi", last_name="Ábel", places=(place,))
    portal.add("eve@bryn.example", first_name="=1+1", last_name="Zed")
    answer = portal.service.call("GET", f"{USERS}?format=csv&rows=1", ADMIN)
    assert answer.mimetype == "text/csv"
    found = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
    assert found[0][:4] == ["first_name", "last_name", "email", "language"]
    assert found[1] == [
        "Dewi",
        "Ábel",
        "dewi@bryn.example",
        "en",
        "user",
        "yes",
        "active",
        "",
        "",
        "",
    ]
    assert found[2][0] == "'=1+1"
