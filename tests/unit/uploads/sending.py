"""Uploads in parts, as tests send them: 17 bytes in parts of 8."""

from hashlib import sha256
from typing import Any

from werkzeug.test import TestResponse

from services.uploads.models import Transfer
from shared.access.principal import Principal
from tests.support.memory_storage import MemoryStorage
from tests.support.service import ServiceUnderTest, admin_of, rows_of
from tests.unit.uploads.builders import CENTRE, SAMPLED, SHEET, told

UPLOADS = f"{SHEET}/uploads"
ADMIN = admin_of(CENTRE)
CONTENT = b"%PDF-1.7 and more"
CUT = [CONTENT[:8], CONTENT[8:16], CONTENT[16:]]
HASH = sha256(CONTENT).hexdigest()


def begin(service: ServiceUnderTest, who: Principal = ADMIN, **changes: Any) -> TestResponse:
    file = {"name": "../work.pdf", "size": len(CONTENT), "candidate_no": SAMPLED[0]} | changes
    return service.call("POST", UPLOADS, who, json=file)


def begun(service: ServiceUnderTest, **changes: Any) -> str:
    answer = begin(service, **changes)
    assert answer.status_code == 201, answer.json
    return f"{UPLOADS}/{told(answer)['id']}"


def put(service: ServiceUnderTest, at: str, number: object, data: bytes, **headers: str) -> int:
    return service.call(
        "PUT", f"{at}/parts/{number}", ADMIN, data=data, headers=headers
    ).status_code


def whole(service: ServiceUnderTest, **changes: Any) -> str:
    """An upload all of whose parts are there."""
    at = begun(service, **changes)
    assert [put(service, at, number, data) for number, data in enumerate(CUT, 1)] == [204] * 3
    return at


def complete(service: ServiceUnderTest, at: str, **body: Any) -> TestResponse:
    return service.call("POST", f"{at}/completion", ADMIN, json=body)


def there(service: ServiceUnderTest, at: str) -> list[int]:
    return [part["number"] for part in told(service.call("GET", at, ADMIN))["parts"]]


def left(service: ServiceUnderTest, storage: MemoryStorage) -> tuple[int, int, int]:
    """Rows of uploads under way, those of the store, and objects."""
    with service.transaction() as session:
        return len(rows_of(session, Transfer)), len(storage.begun), len(storage.objects)
