"""What is no part, no content as announced, or nobody's but the sender's: refused."""

from base64 import b64encode
from hashlib import sha256
from typing import Any

import pytest
from werkzeug.test import TestResponse

from services.uploads.api import transfers as api
from services.uploads.domain.rules import MEBIBYTE, TO_END
from tests.support.memory_storage import MemoryStorage
from tests.support.service import (
    MODERATOR,
    ServiceUnderTest,
    admin_of,
    principal,
    teacher_of,
)
from tests.unit.uploads.builders import (
    CENTRE,
    MULTIPART,
    OTHER_CENTRE,
    OUTSIDE,
    SAMPLED,
    TOO_LATE,
    body,
    candidate_files,
    part,
    sampled_sheet,
    told,
)
from tests.unit.uploads.conftest import Clock
from tests.unit.uploads.sending import (
    ADMIN,
    CUT,
    begin,
    begun,
    complete,
    left,
    put,
    there,
    whole,
)

pytestmark = pytest.mark.usefixtures("small_parts")


@pytest.fixture
def service(service: ServiceUnderTest) -> ServiceUnderTest:
    sampled_sheet(service)
    return service


def test_another_content_than_was_announced_is_refused_and_gone(
    service: ServiceUnderTest, storage: MemoryStorage
) -> None:
    answer = complete(service, whole(service, sha256="0" * 64))
    assert (answer.status_code, told(answer)["type"]) == (
        422,
        "urn:iamis:problem:content-differs",
    )
    assert left(service, storage) == (0, 0, 0)


def test_a_part_is_held_against_its_digest(service: ServiceUnderTest) -> None:
    at = begun(service)
    good = b64encode(sha256(CUT[0]).digest()).decode()
    assert put(service, at, 1, CUT[0], **{"Content-Digest": f"sha-256=:{good}:"}) == 204
    assert put(service, at, 2, CUT[1], **{"Content-Digest": f"sha-256=:{good}:"}) == 422
    assert put(service, at, 2, CUT[1], **{"Content-Digest": "md5=:AAAA:"}) == 204
    assert there(service, at) == [1, 2]


@pytest.mark.parametrize(
    ("number", "data", "status"),
    [
        (0, CUT[0], 422),
        (4, CUT[0], 422),
        ("x", CUT[0], 422),
        ("9" * 30, CUT[0], 422),
        (1, CUT[0][:-1], 422),
        (1, CUT[0] + b"x", 422),
        (3, CUT[0], 422),
        (1, b"", 422),
    ],
)
def test_a_part_that_is_none_is_refused(
    service: ServiceUnderTest, number: object, data: bytes, status: int
) -> None:
    at = begun(service)
    assert put(service, at, number, data) == status
    assert there(service, at) == []


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"candidate_no": OUTSIDE}, 422),
        ({"candidate_no": "1"}, 422),
        ({"size": 0}, 422),
        ({"size": "9"}, 422),
        ({"size": 2**50}, 413),
        ({"sha256": "no"}, 422),
        ({"name": 7}, 422),
        ({"more": 1}, 422),
    ],
)
def test_what_cannot_be_uploaded_is_refused_at_once(
    service: ServiceUnderTest, storage: MemoryStorage, changes: dict[str, Any], status: int
) -> None:
    assert begin(service, **changes).status_code == status
    assert left(service, storage) == (0, 0, 0)


def test_after_the_last_day_it_is_too_late(service: ServiceUnderTest, moment: Clock) -> None:
    in_time, at = whole(service), whole(service)
    moment.now = TOO_LATE
    assert begin(service).status_code == 409
    assert complete(service, in_time).status_code == 201
    moment.now += TO_END
    assert complete(service, at).status_code == 409


def test_an_upload_is_its_senders_alone(service: ServiceUnderTest) -> None:
    at = begun(service)
    asked = [
        ("GET", at),
        ("DELETE", at),
        ("PUT", f"{at}/parts/1"),
        ("GET", f"{at}/parts/1/address"),
    ]
    others = [
        (teacher_of(CENTRE), 404),
        (admin_of(OTHER_CENTRE), 404),
        (MODERATOR, 403),
        (principal("board"), 403),
    ]
    for who, status in others:
        for method, path in asked:
            assert service.call(method, path, who, data=b"x" * 8).status_code == status
        answer = service.call("POST", f"{at}/completion", who, json={})
        assert answer.status_code == status
    assert service.call("GET", at.replace("p-1", "p-2"), ADMIN).status_code == 404


def test_a_teacher_of_some_sets_uploads_for_their_candidates_alone(
    service: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "candidates_of", lambda *_asked: frozenset({SAMPLED[0]}))
    answers = [begin(service, candidate_no=place) for place in (*SAMPLED, None)]
    assert [answer.status_code for answer in answers] == [201, 404, 403]


def send_raw(service: ServiceUnderTest, content: bytes) -> TestResponse:
    sent = body(part(content))
    return service.call("POST", candidate_files(), ADMIN, data=sent, content_type=MULTIPART)


def test_a_paper_may_allow_smaller_files(service: ServiceUnderTest, storage: MemoryStorage) -> None:
    sampled_sheet(service, max_file_mib=1)
    assert begin(service, size=MEBIBYTE).status_code == 201
    for answer in (
        begin(service, size=MEBIBYTE + 1),
        send_raw(service, b"x" * (MEBIBYTE + 1)),
        send_raw(service, b"x" * (3 * MEBIBYTE)),
    ):
        assert answer.status_code == 413
        assert f"{MEBIBYTE} bytes" in told(answer)["detail"]
    assert storage.objects == {}
