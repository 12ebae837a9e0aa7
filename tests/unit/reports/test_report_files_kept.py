"""Files with the moderator's report in the store: nothing is left over, and nothing is lost."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete
from sqlalchemy.exc import OperationalError

from services.reports.commands import report_files
from services.reports.models import ModeratorReport
from services.reports.queries.report_files import kept_objects
from shared import clock
from shared.antivirus import Scanner, ScannerError
from shared.settings import settings
from shared.storage import StoreRefusesError, unavailable
from tests.support.memory_storage import MemoryStorage
from tests.support.service import MODERATOR, ServiceUnderTest
from tests.unit.reports.attaching import FILES, PDF, add, added, listed, nothing_stays


def test_a_file_that_breaks_off_leaves_nothing(
    written: ServiceUnderTest, storage: MemoryStorage
) -> None:
    broken = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n' + PDF
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    answer = written.call("POST", FILES, MODERATOR, data=broken, headers=headers)
    assert answer.status_code == 400
    assert nothing_stays(written, storage)


def test_what_the_database_refuses_leaves_nothing(
    written: ServiceUnderTest, storage: MemoryStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_given: object) -> None:
        raise OperationalError("insert", {}, Exception("gone"))

    monkeypatch.setattr(report_files, "_list", fail)
    assert add(written).status_code >= 500
    assert nothing_stays(written, storage)


@pytest.mark.parametrize(("finding", "expected"), [("Eicar", 422), (None, 201), ("down", 503)])
def test_viruses_are_looked_for_where_somebody_can(
    written: ServiceUnderTest,
    storage: MemoryStorage,
    monkeypatch: pytest.MonkeyPatch,
    finding: str | None,
    expected: int,
) -> None:
    def look(_self: Scanner, content: Any) -> str | None:
        assert b"".join(content) == PDF
        if finding == "down":
            raise ScannerError("no answer")
        return finding

    monkeypatch.setattr(Scanner, "finding", look)
    monkeypatch.setenv("IAMIS_CLAMAV_URL", "tcp://127.0.0.1:1")
    settings.cache_clear()
    try:
        assert add(written).status_code == expected
    finally:
        settings.cache_clear()
    assert nothing_stays(written, storage) == (expected != 201)


def test_removed_it_is_gone_at_once_and_from_the_store_a_day_later(
    written: ServiceUnderTest, storage: MemoryStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, kept = added(written), added(written, name="kept.pdf")
    at = f"{FILES}/{gone['id']}"
    assert written.call("DELETE", at, MODERATOR).status_code == 204
    for method in ("GET", "DELETE"):
        assert written.call(method, at, MODERATOR).status_code == 404
    assert listed(written) == [kept]
    assert report_files.clear(written.database, storage) == 0
    assert len(storage.objects) == 2, "a backup that has begun copies it"
    later(monkeypatch)
    assert report_files.clear(written.database, storage) == 1
    assert [key.rpartition("/")[2] for key in storage.objects] == [kept["id"]]


def test_the_files_of_a_report_go_with_it(
    written: ServiceUnderTest, storage: MemoryStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    added(written)
    with written.transaction() as session:
        session.execute(delete(ModeratorReport))
    storage.objects["68101/p/evidence"] = b"of uploads"
    storage.stored_at["68101/p/evidence"] = clock.now()
    assert report_files.clear(written.database, storage) == 0, "its row may be on its way"
    later(monkeypatch)
    assert report_files.clear(written.database, storage) == 1
    assert list(storage.objects) == ["68101/p/evidence"]


@pytest.mark.parametrize("cause", [unavailable(), StoreRefusesError("AccessDenied")])
def test_what_the_store_keeps_does_not_keep_the_others(
    written: ServiceUnderTest,
    storage: MemoryStorage,
    monkeypatch: pytest.MonkeyPatch,
    cause: Exception,
) -> None:
    for file in [added(written), added(written)]:
        written.call("DELETE", f"{FILES}/{file['id']}", MODERATOR)
    later(monkeypatch)
    stays, erase = min(storage.objects), storage.erase

    def erase_all_but_one(key: str) -> None:
        if key == stays:
            raise cause
        erase(key)

    monkeypatch.setattr(storage, "erase", erase_all_but_one)
    assert report_files.clear(written.database, storage) == 1
    assert list(storage.objects) == [stays]
    monkeypatch.setattr(storage, "erase", erase)
    assert report_files.clear(written.database, storage) == 1, "its row is there for that"
    assert nothing_stays(written, storage)


def test_a_store_that_refuses_ends_no_worker(
    written: ServiceUnderTest, storage: MemoryStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop, looks = threading.Event(), list[int]()

    def refuse(*_given: object) -> int:
        looks.append(1)
        if len(looks) > 1:
            stop.set()
        raise StoreRefusesError("AccessDenied")

    monkeypatch.setattr(report_files, "clear", refuse)
    monkeypatch.setattr(report_files, "LOOKS_SECONDS", 0.01)
    report_files.run(written.database, stop)
    assert (len(looks), storage.objects) == (2, {})


def later(monkeypatch: pytest.MonkeyPatch) -> None:
    now = clock.now() + timedelta(days=1, minutes=1)
    monkeypatch.setattr(clock, "now", lambda: now)


def test_a_backup_takes_along_what_there_is(
    written: ServiceUnderTest, storage: MemoryStorage
) -> None:
    gone, kept = added(written), added(written, name="kept.pdf")
    written.call("DELETE", f"{FILES}/{gone['id']}", MODERATOR)
    with written.database.reading() as session:
        (found,) = kept_objects(session)
    assert storage.objects[found.key] == PDF
    assert (found.sha256, found.size) == (kept["sha256"], kept["size"])
