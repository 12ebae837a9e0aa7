"""What is over is forgotten, and nothing else."""

from collections.abc import Callable

from services.identity.commands import housekeeping
from services.identity.models import Challenge, Family, RefreshToken
from tests.support.service import rows_of
from tests.unit.identity.people import Portal


def left(portal: Portal) -> list[int]:
    with portal.service.transaction() as session:
        housekeeping.purge(session)
    with portal.service.database.reading() as session:
        return [len(rows_of(session, table)) for table in (Challenge, RefreshToken, Family)]


def test_each_goes_when_its_time_is_over(portal: Portal, later: Callable[..., None]) -> None:
    carys = portal.add("carys@bryn.example")
    portal.sign_in(carys)
    portal.begin(carys)
    assert left(portal) == [1, 1, 1]
    later(hours=1)
    assert left(portal) == [0, 1, 1]
    later(days=8)
    assert left(portal) == [0, 0, 1]
    later(days=400)
    assert left(portal) == [0, 0, 0]
