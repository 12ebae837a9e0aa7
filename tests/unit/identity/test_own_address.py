"""A moderator's own postal address, which centres send samples to."""

import pytest

from shared.access.principal import Principal
from shared.audit import AuditRow
from tests.support.service import BOARD, admin_of, principal, rows_of, teacher_of
from tests.unit.identity.people import Portal

PATH = "/api/identity/me/address"
NEW = "2 Heol Ŵyn\nCaerdydd"


def test_it_is_changed_shown_to_the_board_and_noted(portal: Portal) -> None:
    mair = portal.add("mair@home.example", kind="appointee", address="1 High Street")
    herself = principal("appointee", user_id=mair.id)
    assert portal.service.call("GET", PATH, herself).json == {"address": "1 High Street"}
    changed = portal.service.call("PUT", PATH, herself, json={"address": NEW})
    assert (changed.status_code, changed.json) == (200, {"address": NEW})
    seen = portal.service.call("GET", f"/api/identity/accounts/{mair.id}", BOARD).json or {}
    assert seen["address"] == NEW
    with portal.service.database.reading() as session:
        row = next(row for row in rows_of(session, AuditRow) if row.action == "user.changed")
        assert (row.by_id, row.before["address"], row.after["address"]) == (
            mair.id,
            "1 High Street",
            NEW,
        )


@pytest.mark.parametrize("wrong", ["x" * 1001, "a\0b", 7])
def test_what_is_none_is_refused(portal: Portal, wrong: object) -> None:
    mair = portal.add("mair@home.example", kind="appointee", address="1 High Street")
    herself = principal("appointee", user_id=mair.id)
    assert portal.service.call("PUT", PATH, herself, json={"address": wrong}).status_code == 422
    assert portal.user(mair).address == "1 High Street"


@pytest.mark.parametrize(
    ("who", "status"),
    [(None, 401), (BOARD, 403), (admin_of("68101"), 403), (teacher_of("68101"), 403)],
)
def test_only_moderators_have_one(portal: Portal, who: Principal | None, status: int) -> None:
    assert portal.service.call("GET", PATH, who).status_code == status
    assert portal.service.call("PUT", PATH, who, json={"address": "x"}).status_code == status
