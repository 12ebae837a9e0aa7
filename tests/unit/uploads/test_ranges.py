"""A part of a file: what is asked for, and nothing else."""

import pytest

from tests.support.memory_storage import MemoryStorage
from tests.support.service import MODERATOR, ServiceUnderTest
from tests.unit.uploads.builders import candidate_files, sampled_sheet, sent, told

CONTENT = b"0123456789"


@pytest.fixture
def file(service: ServiceUnderTest) -> dict[str, str]:
    sampled_sheet(service)
    return sent(service, candidate_files(), CONTENT)


def at(file: dict[str, str]) -> str:
    return f"{candidate_files()}/{file['id']}"


@pytest.mark.parametrize(
    ("asked", "given", "said"),
    [
        ("bytes=0-3", b"0123", "bytes 0-3/10"),
        ("bytes=4-", b"456789", "bytes 4-9/10"),
        ("bytes=-2", b"89", "bytes 8-9/10"),
        ("bytes=5-99", b"56789", "bytes 5-9/10"),
        ("bytes=9-9", b"9", "bytes 9-9/10"),
    ],
)
def test_a_part_is_given(
    service: ServiceUnderTest,
    storage: MemoryStorage,
    file: dict[str, str],
    asked: str,
    given: bytes,
    said: str,
) -> None:
    answer = service.call("GET", at(file), MODERATOR, headers={"Range": asked}, buffered=True)
    assert (answer.status_code, answer.data) == (206, given)
    assert answer.headers["Content-Range"] == said
    assert answer.headers["Content-Length"] == str(len(given))
    assert [fetched.content for fetched in storage.fetched] == [given]
    assert all(fetched.closed for fetched in storage.fetched)


@pytest.mark.parametrize("asked", ["bytes=0-1,4-5", "lines=1-2", "bytes=x", "bytes=0-", ""])
def test_what_is_no_single_part_is_the_whole(
    service: ServiceUnderTest, file: dict[str, str], asked: str
) -> None:
    answer = service.call("GET", at(file), MODERATOR, headers={"Range": asked})
    assert (answer.status_code, answer.data) == (200, CONTENT)
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["ETag"] == f'"{file["sha256"]}"'


def test_a_part_that_is_not_there_is_refused(
    service: ServiceUnderTest, file: dict[str, str]
) -> None:
    answer = service.call("GET", at(file), MODERATOR, headers={"Range": "bytes=10-"})
    assert (answer.status_code, answer.headers["Content-Range"]) == (416, "bytes */10")
    assert told(answer)["type"] == "urn:iamis:problem:range-not-satisfiable"


def test_a_part_of_what_was_another_file_is_the_whole(
    service: ServiceUnderTest, file: dict[str, str]
) -> None:
    part = {"Range": "bytes=0-3"}
    same = service.call(
        "GET", at(file), MODERATOR, headers=part | {"If-Range": f'"{file["sha256"]}"'}
    )
    other = service.call("GET", at(file), MODERATOR, headers=part | {"If-Range": '"another"'})
    assert (same.status_code, other.status_code) == (206, 200)
    assert other.data == CONTENT
