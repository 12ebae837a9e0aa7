"""Where a daemon looks for viruses: what waits, what is rejected, and what is told of it."""

import threading
from collections.abc import Iterable, Iterator
from datetime import timedelta

import pytest

from services.uploads.commands import scanning
from services.uploads.models import EvidenceFile
from services.uploads.present import PRESENT
from shared.antivirus import Scanner, ScannerAwayError, ScannerError, ScanTooLargeError
from shared.audit import AuditRow
from shared.settings import settings
from tests.support.memory_storage import MemoryStorage
from tests.support.metrics import Moved
from tests.support.service import ServiceUnderTest, admin_of, rows_of
from tests.unit.uploads.builders import (
    CENTRE,
    PAPER,
    SAMPLED,
    SHEET,
    candidate_files,
    sampled_sheet,
    send,
    sent,
    told,
)
from tests.unit.uploads.conftest import Clock

ADMIN = admin_of(CENTRE)
BAD = b"this one is bad"
FINDING = "Iamis.Test.Bad"


@pytest.fixture(autouse=True)
def named() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IAMIS_CLAMAV_URL", "tcp://127.0.0.1:1")
        settings.cache_clear()
        yield patch
    settings.cache_clear()


@pytest.fixture
def service(service: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch) -> ServiceUnderTest:
    def finding(_scanner: Scanner, content: Iterable[bytes]) -> str | None:
        return FINDING if b"".join(content) == BAD else None

    monkeypatch.setattr(Scanner, "finding", finding)
    sampled_sheet(service)
    return service


def scan(service: ServiceUnderTest) -> bool:
    return scanning.scan_waiting(service.database, threading.Event())


def listed(service: ServiceUnderTest) -> list[str]:
    files = told(service.call("GET", candidate_files(), ADMIN))["files"]
    return [file["status"] for file in files]


def fetch(service: ServiceUnderTest, file: dict[str, str], more: str = "") -> tuple[int, str]:
    answer = service.call("GET", f"{candidate_files()}/{file['id']}{more}", ADMIN)
    return answer.status_code, str(told(answer)["type"]) if answer.status_code >= 400 else ""


def test_a_file_waits_and_is_accepted(service: ServiceUnderTest, storage: MemoryStorage) -> None:
    file = sent(service, candidate_files(), b"%PDF-1.4 good")
    assert (file["status"], file["preview"]) == ("waiting", False)
    waiting = (409, "urn:iamis:problem:file-waiting")
    assert fetch(service, file) == fetch(service, file, "/preview") == waiting
    assert service.call("GET", f"{SHEET}/files/archive", ADMIN).status_code == 404
    assert scan(service)
    assert listed(service) == ["accepted"]
    assert fetch(service, file)[0] == 200
    assert storage.fetched[0].closed


def test_a_virus_is_kept_from_everybody(service: ServiceUnderTest) -> None:
    file = sent(service, candidate_files(), BAD)
    scan(service)
    assert listed(service) == ["rejected"]
    rejected = (409, "urn:iamis:problem:file-rejected")
    assert fetch(service, file) == fetch(service, file, "/preview") == rejected
    assert service.call("GET", f"{SHEET}/files/archive", ADMIN).status_code == 404
    assert service.call("DELETE", f"{candidate_files()}/{file['id']}", ADMIN).status_code == 204


def test_a_rejected_file_is_not_there_already(service: ServiceUnderTest) -> None:
    rejected = sent(service, candidate_files(), BAD)
    scan(service)
    once = f"{candidate_files()}?once=true"
    anew = sent(service, once, BAD)
    assert anew["id"] != rejected["id"]
    assert listed(service) == ["rejected", "waiting"]
    again = send(service, once, BAD)
    assert (again.status_code, told(again)["id"]) == (200, anew["id"])


def test_what_became_of_each_file_is_counted(
    service: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_scanner: Scanner, _content: Iterable[bytes]) -> str | None:
        raise ScannerError("no daemon")

    moved = Moved()
    sent(service, candidate_files(), b"%PDF-1.4 good")
    sent(service, candidate_files(), BAD)
    scan(service)
    monkeypatch.setattr(Scanner, "finding", away)
    sent(service, candidate_files(), b"%PDF-1.4 later")
    scan(service)
    assert moved.of("iamis_scans_total") == {
        (outcome,): 1 for outcome in ("accepted", "rejected", "put_off")
    }


def test_the_decision_is_told_and_kept_for_audit(service: ServiceUnderTest) -> None:
    file = sent(service, candidate_files(), BAD)
    scan(service)
    scan(service)
    (uploaded,) = service.emitted("evidence.uploaded.v1")
    assert uploaded.data["status"] == "waiting"
    (changed,) = service.emitted("evidence.status_changed.v1")
    assert changed.subject == f"{CENTRE}/{PAPER}"
    assert changed.data == {
        "centre_no": CENTRE,
        "paper_id": PAPER,
        "candidate_no": SAMPLED[0],
        "file_id": file["id"],
        "size": len(BAD),
        "sha256": file["sha256"],
        "status": "rejected",
        "changed_at": "2031-05-01T09:00:00+00:00",
    }
    with service.transaction() as session:
        assert [row.finding for row in rows_of(session, EvidenceFile)] == [FINDING]
        audited = [row.action for row in rows_of(session, AuditRow)]
        again = [data for _subject, data in PRESENT["evidence.status_changed.v1"](session)]
    assert audited == ["evidence.upload", "evidence.scan"]
    assert again == [changed.data]


@pytest.mark.parametrize("error", [ScannerError("down"), ScanTooLargeError("size limit")])
def test_what_cannot_be_scanned_waits_unless_it_never_can(
    service: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch, error: ScannerError
) -> None:
    def fails(_scanner: Scanner, _content: Iterable[bytes]) -> str | None:
        raise error

    sent(service, candidate_files())
    monkeypatch.setattr(Scanner, "finding", fails)
    too_large = isinstance(error, ScanTooLargeError)
    assert scan(service) is too_large
    assert listed(service) == ["accepted" if too_large else "waiting"]


def test_one_missing_object_holds_up_no_other(
    service: ServiceUnderTest, storage: MemoryStorage
) -> None:
    sent(service, candidate_files(), b"one")
    storage.objects.clear()
    sent(service, candidate_files(), b"two")
    assert not scan(service)
    assert listed(service) == ["waiting", "accepted"]


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What a daemon was given, one after another; it comes to no end with what is stuck."""
    given: list[bytes] = []

    def finding(_scanner: Scanner, content: Iterable[bytes]) -> str | None:
        given.append(b"".join(content))
        if given[-1].startswith(b"stuck"):
            raise ScannerError("stream: Can't allocate memory ERROR")
        return None

    monkeypatch.setattr(Scanner, "finding", finding)
    return given


def bring(service: ServiceUnderTest, moment: Clock, *contents: bytes) -> None:
    """One file after another, a second apart."""
    for content in contents:
        moment.now += timedelta(seconds=1)
        sent(service, candidate_files(), content)


def test_what_no_scan_comes_to_an_end_with_holds_up_no_other(
    service: ServiceUnderTest, moment: Clock, tried: list[bytes]
) -> None:
    bring(service, moment, b"stuck", b"one")
    assert not scan(service)
    assert listed(service) == ["waiting", "accepted"]
    bring(service, moment, b"two")
    assert not scan(service)
    assert tried == [b"stuck", b"one", b"two", b"stuck"]


def test_after_some_in_a_row_the_next_look_begins_with_the_others(
    service: ServiceUnderTest, moment: Clock, tried: list[bytes]
) -> None:
    stuck = [f"stuck {number}".encode() for number in range(scanning.MOST_IN_A_ROW)]
    bring(service, moment, *stuck, b"later")
    assert not scan(service)
    assert tried == stuck
    assert not scan(service)
    assert tried[len(stuck) :] == [b"later", *stuck]


def test_objects_that_are_gone_hold_up_no_other(
    service: ServiceUnderTest, moment: Clock, storage: MemoryStorage, tried: list[bytes]
) -> None:
    bring(service, moment, *(bytes([number]) for number in range(scanning.MOST_IN_A_ROW + 1)))
    storage.objects.clear()
    bring(service, moment, b"later")
    scan(service)
    scan(service)
    assert tried == [b"later"]


def test_that_the_daemon_is_away_is_for_no_file(
    service: ServiceUnderTest, moment: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bytes] = []

    def away(_scanner: Scanner, content: Iterable[bytes]) -> str | None:
        asked.append(b"".join(content))
        raise ScannerAwayError("connection refused")

    bring(service, moment, b"one", b"two")
    monkeypatch.setattr(Scanner, "finding", away)
    scan(service)
    scan(service)
    assert asked == [b"one", b"one"]


def test_what_is_deleted_is_not_looked_at(service: ServiceUnderTest, tried: list[bytes]) -> None:
    file = sent(service, candidate_files(), b"stuck")
    service.call("DELETE", f"{candidate_files()}/{file['id']}", ADMIN)
    assert scan(service)
    assert tried == []


def test_without_a_daemon_what_waits_is_accepted(
    service: ServiceUnderTest, named: pytest.MonkeyPatch
) -> None:
    sent(service, candidate_files(), BAD)
    named.delenv("IAMIS_CLAMAV_URL")
    settings.cache_clear()
    scan(service)
    assert listed(service) == ["accepted"]
