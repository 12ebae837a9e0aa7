"""Files with the moderator's report: who adds and gets them, and what is refused."""

from datetime import timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import delete, select
from werkzeug.test import TestResponse

from services.reports.models import Submission
from shared.access.models import Allocation
from shared.access.principal import Principal
from shared.audit import AuditRow
from tests.support.memory_storage import MemoryStorage
from tests.support.service import BOARD, MODERATOR, ServiceUnderTest, admin_of
from tests.unit.reports.attaching import FILES, PDF, add, added, listed, nothing_stays
from tests.unit.reports.builders import CENTRE, SHEET
from tests.unit.reports.pdf import text_of
from tests.unit.reports.test_moderator_report import ELSEWHERE, FUTURE, PAST, read, submitted, write
from tests.unit.uploads.builders import MULTIPART

ADMIN, OTHER_ADMIN = admin_of(CENTRE), admin_of("68102")


def errors_of(answer: TestResponse) -> list[str]:
    return [error["pointer"] for error in (answer.json or {})["errors"]]


def test_a_file_is_listed_and_comes_back(written: ServiceUnderTest) -> None:
    file = added(written, name="C:\\\\mine\\cynllun \u202ew\u0302.pdf")
    assert listed(written) == [file]
    assert file == {
        "id": file["id"],
        "name": "cynllun \u0175.pdf",
        "size": len(PDF),
        "sha256": sha256(PDF).hexdigest(),
        "media_type": "application/pdf",
        "added_at": file["added_at"],
    }
    answer = written.call("GET", f"{FILES}/{file['id']}", BOARD)
    assert answer.data == PDF
    assert answer.headers["Content-Type"] == "application/pdf"
    named = f"attachment; filename*=UTF-8''{quote(file['name'])}"
    assert answer.headers["Content-Disposition"] == named
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    part = written.call("GET", f"{FILES}/{file['id']}", BOARD, headers={"Range": "bytes=1-3"})
    assert (part.status_code, part.data) == (206, PDF[1:4])


def test_page_and_pdf_name_the_files(written: ServiceUnderTest) -> None:
    assert "Attached files" not in read(written, form="html").text
    added(written, name="a <b> #strong[c].pdf")
    (printed,) = text_of(read(written, form="pdf").data)
    assert "a <b> #strong[c].pdf (35 B)" in printed
    assert "a &lt;b&gt; #strong[c].pdf (35 B)" in read(written, form="html").text


@pytest.mark.parametrize(
    ("results", "who", "expected"),
    [
        (FUTURE, ADMIN, 404),
        (PAST, ADMIN, 200),
        (PAST, OTHER_ADMIN, 404),
        (PAST, ELSEWHERE, 404),
        (FUTURE, BOARD, 200),
    ],
)
def test_who_gets_it(
    service: ServiceUnderTest, results: timedelta, who: Principal, expected: int
) -> None:
    submitted(service, results)
    write(service)
    file = added(service)
    assert service.call("GET", f"{FILES}/{file['id']}", who).status_code == expected


@pytest.mark.parametrize(
    ("who", "expected"), [(ADMIN, 403), (OTHER_ADMIN, 404), (ELSEWHERE, 404), (BOARD, 403)]
)
def test_only_its_moderator_adds_and_removes(
    written: ServiceUnderTest, who: Principal, expected: int
) -> None:
    file = added(written)
    assert add(written, who=who).status_code == expected
    assert written.call("DELETE", f"{FILES}/{file['id']}", who).status_code == expected
    assert listed(written) == [file]


def test_the_report_is_written_first(service: ServiceUnderTest, storage: MemoryStorage) -> None:
    submitted(service)
    answer = add(service)
    assert (answer.status_code, (answer.json or {})["detail"]) == (
        409,
        "Write the report first; then files can be added to it.",
    )
    assert nothing_stays(service, storage)


def test_ten_files_are_the_most(written: ServiceUnderTest, storage: MemoryStorage) -> None:
    for number in range(10):
        added(written, name=f"{number}.pdf")
    refused = add(written)
    assert (refused.status_code, errors_of(refused)) == (422, ["/file"])
    assert "at most 10 files" in refused.text
    assert (len(listed(written)), len(storage.objects)) == (10, 10)


def test_of_two_at_once_that_both_were_the_tenth_one_is_refused(
    written: ServiceUnderTest, storage: MemoryStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(9):
        added(written, name=f"{number}.pdf")
    put = storage.put

    def put_late(*given: Any) -> Any:
        monkeypatch.setattr(storage, "put", put)
        added(written, name="the other.pdf")
        return put(*given)

    monkeypatch.setattr(storage, "put", put_late)
    assert add(written).status_code == 422
    assert (len(listed(written)), len(storage.objects)) == (10, 10)


@pytest.mark.parametrize("size", [20_000_001, 21_500_000])
def test_what_is_too_large_is_refused(
    written: ServiceUnderTest, storage: MemoryStorage, size: int
) -> None:
    refused = add(written, bytes(size))
    assert (refused.status_code, errors_of(refused)) == (413, ["/file"])
    assert "20000000 bytes" in refused.text
    assert nothing_stays(written, storage)


class CountedBody:
    """A body of 200 MB that tells no length."""

    left = 200_000_000

    def read(self, size: int = -1) -> bytes:
        taken = min(size if size >= 0 else self.left, self.left)
        self.left -= taken
        return bytes(taken)


def test_of_what_is_refused_no_more_is_taken_in_than_twice_a_file(
    service: ServiceUnderTest,
) -> None:
    submitted(service)
    sent = CountedBody()
    told = {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}
    given = {"wsgi.input": sent, **told}
    answer = service.call("POST", FILES, MODERATOR, content_type=MULTIPART, environ_overrides=given)
    assert answer.status_code >= 400
    answer.close()
    assert 40_000_000 <= 200_000_000 - sent.left < 43_000_000


def test_a_file_sent_twice_with_one_key_is_there_once(
    written: ServiceUnderTest, storage: MemoryStorage
) -> None:
    first, again, other = (add(written, key=key) for key in ("k1", "k1", "k2"))
    assert (first.status_code, first.json) == (again.status_code, again.json)
    assert listed(written) == [first.json, other.json]
    assert len(storage.objects) == 2


@pytest.mark.parametrize("other", [{"content": PDF + b"!"}, {"name": "other.pdf"}])
def test_another_file_with_the_key_of_the_first_is_refused(
    written: ServiceUnderTest, other: dict[str, Any]
) -> None:
    first = added(written, key="k1")
    refused = add(written, key="k1", **other)
    assert (refused.status_code, errors_of(refused)) == (422, ["/Idempotency-Key"])
    assert listed(written) == [first]


def test_an_empty_file_is_refused(written: ServiceUnderTest, storage: MemoryStorage) -> None:
    refused = add(written, b"")
    assert (refused.status_code, errors_of(refused)) == (422, ["/file"])
    assert nothing_stays(written, storage)


def test_the_report_is_another_version_with_each_change(written: ServiceUnderTest) -> None:
    file = added(written)
    assert (read(written).json or {})["version"] == 2
    written.call("DELETE", f"{FILES}/{file['id']}", MODERATOR)
    assert (read(written).json or {})["version"] == 3
    assert write(written, version=1).status_code == 409


def test_every_change_is_audited(written: ServiceUnderTest) -> None:
    file = added(written)
    written.call("DELETE", f"{FILES}/{file['id']}", MODERATOR)
    with written.database.reading() as session:
        wanted = AuditRow.action.startswith("moderator_report.file")
        rows = session.scalars(select(AuditRow).where(wanted).order_by(AuditRow.id)).all()
    assert [(row.action, row.by_id, row.subject) for row in rows] == [
        ("moderator_report.file_added", MODERATOR.user_id, SHEET),
        ("moderator_report.file_removed", MODERATOR.user_id, SHEET),
    ]
    assert rows[0].after["sha256"] == rows[1].before["sha256"] == file["sha256"]
    assert [row.after["version"] for row in rows] == [2, 3]


def test_a_report_that_is_not_written_has_no_file_to_be_removed(service: ServiceUnderTest) -> None:
    submitted(service)
    assert service.call("DELETE", f"{FILES}/f1", MODERATOR).status_code == 404


@pytest.mark.parametrize("over", [Allocation, Submission])
def test_what_allowed_a_file_may_be_over_when_it_is_there(
    written: ServiceUnderTest,
    storage: MemoryStorage,
    monkeypatch: pytest.MonkeyPatch,
    over: type[Any],
) -> None:
    put = storage.put

    def put_late(*given: Any) -> Any:
        with written.transaction() as session:
            session.execute(delete(over))
        return put(*given)

    monkeypatch.setattr(storage, "put", put_late)
    assert add(written).status_code == 404
    assert nothing_stays(written, storage)
