"""Attaching files to a moderator's report, as tests do it."""

from typing import Any

from werkzeug.test import TestResponse

from services.reports.models import ReportFile
from shared.access.principal import Principal
from tests.support.memory_storage import MemoryStorage
from tests.support.service import MODERATOR, ServiceUnderTest, rows_of
from tests.unit.reports.test_moderator_report import REPORT, read
from tests.unit.uploads.builders import MULTIPART, body, part

FILES = f"{REPORT}/files"
PDF = b"%PDF-1.7 the mark scheme, annotated"


def add(
    service: ServiceUnderTest,
    content: bytes = PDF,
    name: str = "scheme.pdf",
    who: Principal = MODERATOR,
    key: str = "",
) -> TestResponse:
    sent = part(content, f'name="file"; filename="{name}"', "Content-Type: text/html")
    headers = {"Content-Type": MULTIPART, "Idempotency-Key": key}
    return service.call("POST", FILES, who, data=body(sent), headers=headers)


def added(service: ServiceUnderTest, **changes: Any) -> dict[str, Any]:
    answer = add(service, **changes)
    assert answer.status_code == 201, answer.text
    return dict(answer.json or {})


def listed(service: ServiceUnderTest) -> list[dict[str, Any]]:
    return list((read(service).json or {})["files"])


def nothing_stays(service: ServiceUnderTest, storage: MemoryStorage) -> bool:
    with service.transaction() as session:
        return not (rows_of(session, ReportFile) or storage.objects or storage.versions)
