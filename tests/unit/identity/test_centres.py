"""The names of centres are for board staff."""

import pytest

from services.identity.commands.accounts import add_centre
from tests.support.service import BOARD, MODERATOR, admin_of
from tests.unit.identity.people import Portal

CENTRES = "/api/identity/centres"


@pytest.fixture
def named(portal: Portal) -> Portal:
    with portal.service.transaction() as session:
        add_centre(session, "68102", "Ysgol y Bryn")
        add_centre(session, "68101", "Bryn School")
    return portal


def test_board_staff_see_every_centre_by_number(named: Portal) -> None:
    listed = named.service.call("GET", CENTRES, BOARD).json
    assert listed
    centres = [(one["centre_no"], one["name"]) for one in listed["centres"]]
    assert centres == sorted(centres)
    assert {("68101", "Bryn School"), ("68102", "Ysgol y Bryn")} <= set(centres)
    assert listed["total"] == len(centres)


def test_board_staff_ask_for_one(named: Portal) -> None:
    found = named.service.call("GET", f"{CENTRES}/68102", BOARD)
    assert found.json == {"centre_no": "68102", "name": "Ysgol y Bryn"}
    assert named.service.call("GET", f"{CENTRES}/99999", BOARD).status_code == 404


@pytest.mark.parametrize("path", [CENTRES, f"{CENTRES}/68101"])
def test_nobody_else_does(named: Portal, path: str) -> None:
    statuses = [
        named.service.call("GET", path, who).status_code
        for who in (None, admin_of("68101"), MODERATOR)
    ]
    assert statuses == [401, 403, 403]
