"""Uploads have their places: a full house tells the next one to come again."""

from contextlib import ExitStack

import pytest

from services.uploads import capacity
from services.uploads.api import files as api
from services.uploads.api import transfers
from services.uploads.app import SERVICE
from shared.errors import UnavailableError
from shared.files.capacity import Capacity
from tests.support.service import ServiceUnderTest
from tests.unit.uploads.builders import CENTRE, OTHER_CENTRE, candidate_files, sampled_sheet, send
from tests.unit.uploads.sending import complete, whole


def test_a_centre_has_no_more_than_its_share() -> None:
    places = Capacity(3, 2)
    with ExitStack() as held:
        for centre_no in (CENTRE, CENTRE, OTHER_CENTRE):
            held.enter_context(places.place(centre_no))
        for centre_no in (CENTRE, OTHER_CENTRE):
            with pytest.raises(UnavailableError), places.place(centre_no):
                pytest.fail("there was a place")
    with places.place(CENTRE), places.place(CENTRE):
        pass


def test_a_place_is_free_again_after_a_failure() -> None:
    places = Capacity(1, 1)
    with pytest.raises(ValueError, match="cut"), places.place(CENTRE):
        raise ValueError("cut")
    with places.place(CENTRE):
        pass


def test_a_full_house_says_when_to_come_again(
    service: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    sampled_sheet(service)
    places = Capacity(1, 1)
    monkeypatch.setattr(api, "CAPACITY", places)
    with places.place(OTHER_CENTRE):
        answer = send(service, candidate_files())
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert send(service, candidate_files()).status_code == 201


@pytest.mark.usefixtures("small_parts")
def test_to_complete_an_upload_takes_a_place_too(
    service: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    sampled_sheet(service)
    at, places = whole(service), Capacity(1, 1)
    monkeypatch.setattr(transfers, "CAPACITY", places)
    with places.place(OTHER_CENTRE):
        answer = complete(service, at)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    first = complete(service, at)
    assert first.status_code == 201
    with places.place(OTHER_CENTRE):
        again = complete(service, at)
    assert (again.status_code, again.json) == (200, first.json), "told, and not read again"


def test_threads_are_left_for_what_is_quick() -> None:
    assert SERVICE.threads > capacity.UPLOADS
