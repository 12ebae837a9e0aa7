"""A file sent again with its `Idempotency-Key`: held against the first one, and kept nowhere."""

import pytest
from werkzeug.test import TestResponse

from services.uploads.api import files as api
from shared.files.capacity import Capacity
from shared.files.incoming import AROUND_BYTES
from tests.support.memory_storage import MemoryStorage
from tests.support.service import ServiceUnderTest, admin_of
from tests.unit.uploads.builders import (
    CENTRE,
    MULTIPART,
    OTHER_CENTRE,
    body,
    candidate_files,
    group_files,
    part,
    sampled_sheet,
    told,
)

CONTENT = b"the work of candidate 1001"
PLACES = [candidate_files(), group_files()]
HEADERS = {"Content-Type": MULTIPART, "Idempotency-Key": "k1"}


@pytest.fixture
def service(service: ServiceUnderTest) -> ServiceUnderTest:
    sampled_sheet(service)
    return service


def send(
    service: ServiceUnderTest, path: str, content: bytes = CONTENT, name: str = "work.pdf"
) -> TestResponse:
    sent = body(part(content, f'name="file"; filename="{name}"'))
    return service.call("POST", path, admin_of(CENTRE), data=sent, headers=HEADERS)


def kept(service: ServiceUnderTest, path: str) -> int:
    return int(told(service.call("GET", path, admin_of(CENTRE)))["total"])


@pytest.mark.parametrize("path", PLACES)
@pytest.mark.parametrize("name", ["work.pdf", "folder/work.pdf"])
def test_the_same_file_is_answered_as_the_first_time(
    service: ServiceUnderTest, storage: MemoryStorage, path: str, name: str
) -> None:
    first = send(service, path)
    again = send(service, path, CONTENT, name)
    assert (again.status_code, again.json) == (201, first.json)
    assert (kept(service, path), len(storage.objects)) == (1, 1)


@pytest.mark.parametrize("path", PLACES)
@pytest.mark.parametrize(
    ("content", "name"),
    [
        (CONTENT.upper(), "work.pdf"),
        (CONTENT[:-1], "work.pdf"),
        (CONTENT + b"!", "work.pdf"),
        (bytes(2 * AROUND_BYTES), "work.pdf"),
        (CONTENT, "other.pdf"),
    ],
    ids=["other content", "shorter", "longer", "much longer", "other name"],
)
def test_another_file_is_refused(
    service: ServiceUnderTest, storage: MemoryStorage, path: str, content: bytes, name: str
) -> None:
    send(service, path)
    refused = send(service, path, content, name)
    assert refused.status_code == 422
    assert [error["pointer"] for error in told(refused)["errors"]] == ["/Idempotency-Key"]
    assert (kept(service, path), len(storage.objects)) == (1, 1)
    assert send(service, path).status_code == 201


def test_what_is_no_whole_file_is_refused_as_such(service: ServiceUnderTest) -> None:
    send(service, candidate_files())
    broken = {"data": part(CONTENT), "headers": HEADERS}
    answer = service.call("POST", candidate_files(), admin_of(CENTRE), **broken)
    assert answer.status_code == 400


def test_it_needs_a_place_as_the_first_did(
    service: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = Capacity(1, 1)
    monkeypatch.setattr(api, "CAPACITY", places)
    first = send(service, candidate_files())
    with places.place(OTHER_CENTRE):
        assert send(service, candidate_files()).status_code == 503
    assert send(service, candidate_files()).json == first.json
