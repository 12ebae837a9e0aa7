"""All evidence of a sheet in one archive."""

import io
from zipfile import ZIP_STORED, ZipFile

import pytest

from services.uploads.domain.names import Names, folder_of
from tests.support.memory_storage import MemoryStorage
from tests.support.service import BOARD, MODERATOR, ServiceUnderTest, admin_of
from tests.unit.uploads.builders import (
    CENTRE,
    OTHER_CENTRE,
    SAMPLED,
    SHEET,
    candidate_files,
    group_files,
    sampled_sheet,
    send,
)

ARCHIVE = f"{SHEET}/files/archive"
FOLDER = "68101 GCSE JUNE 2031 ENGLISH LANGUAGE UNIT 1 (3700U1)"


@pytest.fixture
def service(service: ServiceUnderTest) -> ServiceUnderTest:
    sampled_sheet(service)
    return service


def test_all_of_a_sheet_is_in_it(service: ServiceUnderTest, storage: MemoryStorage) -> None:
    send(service, candidate_files(), b"one", name="work.pdf")
    send(service, candidate_files(), b"two", name="Work.pdf")
    send(service, candidate_files(SAMPLED[1]), b"three", name="gwaith Siân.pdf")
    send(service, group_files(), b"four", name="tasks")
    for who in (MODERATOR, BOARD, admin_of(CENTRE)):
        storage.fetched.clear()
        answer = service.call("GET", ARCHIVE, who, buffered=True)
        assert (answer.status_code, answer.content_type) == (200, "application/zip")
        assert answer.headers["Content-Length"] == str(len(answer.data))
        with ZipFile(io.BytesIO(answer.data)) as archive:
            assert archive.testzip() is None
            assert {one.compress_type for one in archive.infolist()} == {ZIP_STORED}
            assert {one.filename: archive.read(one) for one in archive.infolist()} == {
                f"{FOLDER}/1001/work.pdf": b"one",
                f"{FOLDER}/1001/Work (2).pdf": b"two",
                f"{FOLDER}/1003/gwaith Siân.pdf": b"three",
                f"{FOLDER}/group/tasks": b"four",
            }
        assert [fetched.closed for fetched in storage.fetched] == [True] * 4


def test_an_object_is_let_go_when_the_reader_goes_away(
    service: ServiceUnderTest, storage: MemoryStorage
) -> None:
    send(service, candidate_files(), b"x" * 100)
    answer = service.call("GET", ARCHIVE, MODERATOR)
    begun = iter(answer.response)
    while not storage.fetched:
        next(begun)
    answer.close()
    assert [fetched.closed for fetched in storage.fetched] == [True]


def test_of_nothing_there_is_no_archive(service: ServiceUnderTest) -> None:
    assert service.call("GET", ARCHIVE, MODERATOR).status_code == 404
    send(service, candidate_files())
    assert service.call("GET", ARCHIVE, admin_of(OTHER_CENTRE)).status_code == 404


def test_names_are_given_once() -> None:
    names = Names()
    asked = ["a.txt", "A.TXT", "a (2).txt", "a.txt", ".env", ".env"]
    assert [names.free("f", name) for name in asked] == [
        "f/a.txt",
        "f/A (2).TXT",
        "f/a (2) (2).txt",
        "f/a (3).txt",
        "f/.env",
        "f/.env (2)",
    ]


def test_a_folder_has_a_name_any_system_takes() -> None:
    assert folder_of("68101", "a/b\\c: (9791/01)") == "68101 a-b-c- (9791-01)"
