"""Uploads in parts over HTTP: begun, broken off and gone on with, completed, given up."""

from datetime import timedelta

import pytest

from services.uploads.api import transfers as api
from services.uploads.commands import transfers
from services.uploads.commands.files import Kept
from services.uploads.models import EvidenceFile, Transfer
from shared.storage import unavailable
from shared.storage_parts import StoredPart
from tests.support.memory_storage import MemoryStorage
from tests.support.metrics import Moved
from tests.support.service import (
    ServiceUnderTest,
    rows_of,
)
from tests.unit.uploads.builders import (
    IN_TIME,
    SAMPLED,
    candidate_files,
    group_files,
    sampled_sheet,
    sent,
    told,
)
from tests.unit.uploads.conftest import Clock
from tests.unit.uploads.sending import (
    ADMIN,
    CONTENT,
    CUT,
    HASH,
    begin,
    begun,
    complete,
    left,
    put,
    there,
    whole,
)

ADDRESSES_AT_ONCE = 2

pytestmark = pytest.mark.usefixtures("small_parts")


@pytest.fixture
def service(service: ServiceUnderTest) -> ServiceUnderTest:
    sampled_sheet(service)
    return service


def test_uploads_are_counted_by_their_way(service: ServiceUnderTest) -> None:
    moved = Moved()
    sent(service, candidate_files(), b"%PDF-1.4 good")
    at = whole(service)
    assert complete(service, at).status_code == 201
    assert complete(service, at).status_code == 200, "told again, and not counted"
    assert moved.of("iamis_uploads_total") == {("whole",): 1, ("parts",): 1}
    assert moved.of("iamis_upload_bytes_total") == {("whole",): 13, ("parts",): len(CONTENT)}


def test_an_upload_says_how_it_is_cut(service: ServiceUnderTest) -> None:
    told_of = told(begin(service))
    assert told_of == {
        "id": told_of["id"],
        "name": "work.pdf",
        "size": 17,
        "part_size": 8,
        "part_count": 3,
        "direct": False,
        "parts": [],
    }


@pytest.mark.parametrize("candidate_no", [SAMPLED[0], None])
def test_parts_in_any_order_make_the_file(
    service: ServiceUnderTest, storage: MemoryStorage, candidate_no: str | None
) -> None:
    at = begun(service, candidate_no=candidate_no, sha256=HASH.upper())
    path = candidate_files() if candidate_no else group_files()
    for number in (3, 1):
        assert put(service, at, number, CUT[number - 1]) == 204
    assert there(service, at) == [1, 3]
    early = complete(service, at)
    assert (early.status_code, told(early)["missing"]) == (409, [2])
    assert told(service.call("GET", path, ADMIN))["total"] == 0, "a half upload is listed"
    assert put(service, at, 2, b"a first try"[:8]) == 204
    assert put(service, at, 2, CUT[1]) == 204

    answer = complete(service, at)
    assert answer.status_code == 201
    file = told(answer)
    assert (file["sha256"], file["size"], file["content_type"]) == (HASH, 17, "application/pdf")
    assert told(service.call("GET", path, ADMIN))["files"] == [file]
    assert service.call("GET", f"{path}/{file['id']}", ADMIN).data == CONTENT
    assert left(service, storage) == (0, 0, 1)
    assert [event.data["sha256"] for event in service.emitted("evidence.uploaded.v1")] == [HASH]


def test_completing_again_is_answered_with_the_file(
    service: ServiceUnderTest, storage: MemoryStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_args: object, **_named: object) -> Kept:
        raise unavailable()

    at = whole(service)
    with monkeypatch.context() as patch:
        patch.setattr(transfers, "_list_once", breaks)
        assert complete(service, at).status_code == 503
    assert left(service, storage) == (1, 0, 1), "it was made, and not listed"
    first = complete(service, at)
    assert first.status_code == 201
    again = complete(service, at)
    assert (again.status_code, again.json) == (200, first.json)
    assert left(service, storage) == (0, 0, 1)


def test_who_completes_it_second_is_told_of_the_file(
    service: ServiceUnderTest, storage: MemoryStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    at, parts = whole(service), storage.parts
    first: list[tuple[int, object]] = []

    def another_is_quicker(key: str, upload_id: str) -> list[StoredPart]:
        monkeypatch.setattr(storage, "parts", parts)
        there = parts(key, upload_id)
        answer = complete(service, at)
        first.append((answer.status_code, answer.json))
        return there

    monkeypatch.setattr(storage, "parts", another_is_quicker)
    second = complete(service, at)
    assert first == [(201, second.json)]
    assert second.status_code == 200
    assert left(service, storage) == (0, 0, 1)


def test_what_is_not_on_disk_is_not_listed(
    service: ServiceUnderTest, storage: MemoryStorage
) -> None:
    at = whole(service)
    storage.down["flush"] = unavailable()
    assert complete(service, at).status_code == 503
    assert told(service.call("GET", candidate_files(), ADMIN))["total"] == 0
    storage.down.clear()
    assert complete(service, at).status_code == 201


def test_what_is_there_already_is_kept_once_where_that_is_asked(
    service: ServiceUnderTest, storage: MemoryStorage
) -> None:
    first = sent(service, candidate_files(), CONTENT)
    again = complete(service, whole(service), once=True)
    assert (again.status_code, told(again)["id"]) == (200, first["id"])
    assert left(service, storage) == (0, 0, 1)
    third = complete(service, whole(service))
    assert (third.status_code, told(third)["same_as"]) == (201, first["id"])


def test_given_up_nothing_of_it_stays(service: ServiceUnderTest, storage: MemoryStorage) -> None:
    at = begun(service)
    put(service, at, 1, CUT[0])
    assert service.call("DELETE", at, ADMIN).status_code == 204
    assert left(service, storage) == (0, 0, 0)
    assert service.call("GET", at, ADMIN).status_code == 404


def test_what_was_completed_meanwhile_is_not_given_up(
    service: ServiceUnderTest, storage: MemoryStorage
) -> None:
    at = whole(service)
    with service.transaction() as session:
        (seen,) = rows_of(session, Transfer)
        session.expunge(seen)
    file = told(complete(service, at))
    transfers.give_up(service.database, storage, seen)
    assert service.call("GET", f"{candidate_files()}/{file['id']}", ADMIN).data == CONTENT


def test_what_the_store_has_given_up_is_said_to_be_over(
    service: ServiceUnderTest, storage: MemoryStorage
) -> None:
    at = begun(service)
    storage.begun.clear()
    assert put(service, at, 1, CUT[0]) == 409
    assert there(service, at) == []
    answer = complete(service, at)
    assert (answer.status_code, told(answer)["type"]) == (409, "urn:iamis:problem:upload-over")


def test_parts_have_addresses_where_the_store_is_public(
    service: ServiceUnderTest, storage: MemoryStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "ADDRESSES_AT_ONCE", ADDRESSES_AT_ONCE)
    at = begun(service)
    refused = service.call("GET", f"{at}/parts/1/address", ADMIN)
    assert (refused.status_code, told(refused)["type"]) == (409, "urn:iamis:problem:not-direct")
    storage.public = True
    assert told(service.call("GET", at, ADMIN))["direct"] is True
    first = told(service.call("GET", f"{at}/parts/1/address", ADMIN))
    assert "partNumber=1&" in first["url"]
    assert first["following"] == [
        told(service.call("GET", f"{at}/parts/{number}/address", ADMIN))["url"]
        for number in range(2, 1 + ADDRESSES_AT_ONCE)
    ]
    last = told(service.call("GET", f"{at}/parts/3/address", ADMIN))
    assert ("partNumber=3&" in last["url"], last["following"]) == (True, [])
    assert service.call("GET", f"{at}/parts/9/address", ADMIN).status_code == 422


def test_what_was_left_is_cleared_away(
    service: ServiceUnderTest, storage: MemoryStorage, moment: Clock
) -> None:
    put(service, begun(service), 1, CUT[0])
    complete(service, whole(service))
    storage.begin("nobody/knows/this")
    storage.begun_at = IN_TIME
    assert transfers.clear(service.database, storage) == 0
    moment.now = IN_TIME + timedelta(days=7, seconds=1)
    assert transfers.clear(service.database, storage) == 2
    assert left(service, storage) == (0, 0, 1)
    with service.transaction() as session:
        assert len(rows_of(session, EvidenceFile)) == 1
