"""Uploads that are refused, in their order, and that nothing of them stays."""

import dataclasses
import io
from collections.abc import Callable

import pytest
from sqlalchemy.exc import OperationalError

from services.uploads.api import files as api
from services.uploads.commands import admission
from services.uploads.commands import files as commands
from services.uploads.models import EvidenceFile
from shared.files import incoming, patience
from shared.files.patience import discard
from shared.settings import Settings, settings
from shared.storage import StoreRefusesError, unavailable
from tests.support.memory_storage import MemoryStorage
from tests.support.service import ServiceUnderTest, admin_of, rows_of
from tests.unit.uploads.builders import (
    CENTRE,
    MULTIPART,
    OUTSIDE,
    SAMPLED,
    TOO_LATE,
    body,
    candidate_files,
    group_files,
    part,
    sampled_sheet,
    send,
    sent,
    tell_paper,
    told,
)
from tests.unit.uploads.conftest import Clock

LIMIT = 1000
ADMIN = admin_of(CENTRE)


@pytest.fixture
def small_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    def limited() -> Settings:
        evidence = dataclasses.replace(settings().evidence, max_file_bytes=LIMIT)
        return dataclasses.replace(settings(), evidence=evidence)

    for module in (api, admission):
        monkeypatch.setattr(module, "settings", limited)
    monkeypatch.setattr(incoming, "AROUND_BYTES", 500)


def nothing_stays(service: ServiceUnderTest, storage: MemoryStorage) -> bool:
    with service.transaction() as session:
        return not (
            rows_of(session, EvidenceFile)
            or storage.objects
            or service.emitted("evidence.uploaded.v1")
        )


@pytest.mark.parametrize(
    ("upload", "path", "status", "slug"),
    [
        ("none", candidate_files(), 409, "no-upload"),
        ("none", group_files(), 409, "no-upload"),
        ("candidate", group_files(), 409, "no-group-upload"),
        ("candidate", candidate_files(OUTSIDE), 422, "outside-sample"),
        ("group", candidate_files("nobody"), 422, "outside-sample"),
    ],
)
def test_a_rule_refuses_before_anything_is_read(
    service: ServiceUnderTest,
    storage: MemoryStorage,
    upload: str,
    path: str,
    status: int,
    slug: str,
) -> None:
    sampled_sheet(service, upload)
    answer = send(service, path)
    assert (answer.status_code, told(answer)["type"]) == (status, f"urn:iamis:problem:{slug}")
    assert told(answer)["detail"]
    assert nothing_stays(service, storage)


def test_before_the_sample_it_is_a_conflict(
    service: ServiceUnderTest, storage: MemoryStorage
) -> None:
    tell_paper(service)
    for path in (candidate_files(), group_files()):
        assert send(service, path).status_code == 409
    assert nothing_stays(service, storage)


def test_after_the_last_day_it_is_a_conflict(
    service: ServiceUnderTest, storage: MemoryStorage, moment: Clock
) -> None:
    sampled_sheet(service)
    moment.now = TOO_LATE
    assert send(service, candidate_files()).status_code == 409
    assert nothing_stays(service, storage)


@pytest.mark.parametrize(
    ("content_type", "content", "status"),
    [
        ("application/json", b"{}", 415),
        ("application/pdf", body(part(b"x")), 415),
        ("", body(part(b"x")), 415),
        ("multipart/form-data", body(part(b"x")), 400),
        (MULTIPART, body(part(b"x"))[:-10], 400),
        (MULTIPART, body(), 422),
        (MULTIPART, body(part(b"")), 422),
        (MULTIPART, body(part(b"x", 'name="other"; filename="work.pdf"')), 422),
        (MULTIPART, body(part(b"x"), part(b"y")), 422),
        (MULTIPART, body(part(b"x" * (LIMIT + 1))), 413),
        (MULTIPART, body(part(b"x" * (LIMIT + 1000))), 413),
    ],
)
@pytest.mark.usefixtures("small_limit")
def test_a_body_is_refused_and_nothing_of_it_stays(
    service: ServiceUnderTest,
    storage: MemoryStorage,
    content_type: str,
    content: bytes,
    status: int,
) -> None:
    sampled_sheet(service)
    answer = service.call("POST", candidate_files(), ADMIN, data=content, content_type=content_type)
    assert answer.status_code == status, answer.json
    assert answer.content_type == "application/problem+json"
    if status == 422:
        assert [error["pointer"] for error in told(answer)["errors"]] == ["/file"]
    assert nothing_stays(service, storage)


@pytest.mark.usefixtures("small_limit")
def test_a_file_of_just_the_limit_is_taken(service: ServiceUnderTest) -> None:
    sampled_sheet(service)
    assert send(service, candidate_files(), b"x" * LIMIT).status_code == 201


def test_the_type_is_refused_before_the_rules_are_asked(service: ServiceUnderTest) -> None:
    sampled_sheet(service, "none")
    answer = service.call("POST", candidate_files(), ADMIN, data=b"{}", content_type="a/b")
    assert answer.status_code == 415


def database_breaks(*_given: object, **_values: object) -> None:
    raise OperationalError("INSERT", {}, Exception("disk full"))


def fails_to_store(storage: MemoryStorage, _patch: pytest.MonkeyPatch) -> None:
    storage.down["put"] = unavailable()


def loses_bytes(storage: MemoryStorage, _patch: pytest.MonkeyPatch) -> None:
    storage.lost_bytes = 1


def cannot_tell_the_size(storage: MemoryStorage, _patch: pytest.MonkeyPatch) -> None:
    storage.down["stat"] = unavailable()


def cannot_write_the_row(_storage: MemoryStorage, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(commands, "emit", database_breaks)


@pytest.mark.parametrize(
    "fault", [fails_to_store, loses_bytes, cannot_tell_the_size, cannot_write_the_row]
)
def test_whatever_fails_leaves_nothing(
    service: ServiceUnderTest,
    storage: MemoryStorage,
    monkeypatch: pytest.MonkeyPatch,
    fault: Callable[[MemoryStorage, pytest.MonkeyPatch], None],
) -> None:
    sampled_sheet(service)
    fault(storage, monkeypatch)
    answer = send(service, candidate_files())
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert nothing_stays(service, storage)


@pytest.mark.parametrize("cause", [unavailable(), StoreRefusesError("AccessDenied")])
def test_an_object_that_cannot_be_removed_hides_no_refusal(
    service: ServiceUnderTest, storage: MemoryStorage, cause: Exception
) -> None:
    sampled_sheet(service)
    storage.lost_bytes = 1
    storage.down["delete"] = cause
    assert send(service, candidate_files()).status_code == 503


def test_an_object_whose_row_was_written_after_all_is_kept(
    service: ServiceUnderTest, storage: MemoryStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database may lose its answer to a commit that it made."""
    sampled_sheet(service)

    def answer_lost() -> None:
        raise OperationalError("COMMIT", {}, Exception("connection lost"))

    monkeypatch.setattr(service.database, "on_outbox", answer_lost)
    assert send(service, candidate_files()).status_code == 503
    assert list(storage.objects.values()) == [b"content"]
    assert told(service.call("GET", candidate_files(), ADMIN))["total"] == 1


def test_with_the_store_down_a_download_says_so(
    service: ServiceUnderTest, storage: MemoryStorage
) -> None:
    sampled_sheet(service)
    file = sent(service, candidate_files())
    storage.down["open"] = unavailable()
    answer = service.call("GET", f"{candidate_files()}/{file['id']}", ADMIN)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert service.call("GET", candidate_files(), ADMIN).status_code == 200


@pytest.mark.parametrize("names_sent", [("../../x", "x"), ("a\u202egpj.exe", "agpj.exe")])
def test_a_name_alone_is_never_refused(
    service: ServiceUnderTest, names_sent: tuple[str, str]
) -> None:
    sampled_sheet(service)
    given, kept = names_sent
    content = body(part(b"x", f'name="file"; filename="{given}"'))
    answer = service.call(
        "POST", candidate_files(SAMPLED[1]), ADMIN, data=content, content_type=MULTIPART
    )
    assert (answer.status_code, told(answer)["name"]) == (201, kept)


def test_the_rest_of_a_refused_body_is_taken_in(service: ServiceUnderTest) -> None:
    sampled_sheet(service, "none")
    stream = io.BytesIO(body(part(b"x" * 100_000)))
    answer = service.call(
        "POST",
        candidate_files(),
        ADMIN,
        input_stream=stream,
        content_type=MULTIPART,
        content_length=len(stream.getvalue()),
    )
    answer.close()
    assert (answer.status_code, stream.read()) == (409, b"")


def test_no_more_is_taken_in_than_the_bound() -> None:
    stream = io.BytesIO(b"x" * 10_000_000)
    discard(stream, 2_000_000)
    assert 7_000_000 < len(stream.read()) < 8_000_001


def test_a_sender_who_goes_away_is_no_trouble() -> None:
    class Gone:
        def read(self, _size: int, /) -> bytes:
            raise ConnectionResetError

    discard(Gone(), 10)


class SenderSocket:
    """The connection of a request, as the server gives it."""

    seconds: float | None = None

    def settimeout(self, seconds: float) -> None:
        self.seconds = seconds


def test_the_next_bytes_of_an_upload_are_not_awaited_for_ever(service: ServiceUnderTest) -> None:
    sampled_sheet(service)
    sender = SenderSocket()
    given = {patience.SOCKET: sender}
    service.call("GET", candidate_files(), ADMIN, environ_overrides=given)
    assert sender.seconds is None
    service.call("POST", candidate_files(), ADMIN, environ_overrides=given)
    assert sender.seconds == patience.STALL_SECONDS
