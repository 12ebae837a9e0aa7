"""With the store down the service is up, says so, and goes on when the store is back."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.uploads.app import SERVICE
from shared.files import store
from shared.launcher.ports import free_ports
from shared.settings import S3Settings, Settings, settings
from tests.support.service import ServiceUnderTest, admin_of, migrated_database
from tests.unit.uploads.builders import CENTRE, candidate_files, sampled_sheet, send, sent, told


@pytest.fixture
def service(tmp_path: Path) -> Iterator[ServiceUnderTest]:
    under_test = ServiceUnderTest(SERVICE, migrated_database(SERVICE, tmp_path), tmp_path)
    sampled_sheet(under_test)
    store.bucket.cache_clear()
    yield under_test
    store.bucket.cache_clear()
    under_test.close()


def reaching(monkeypatch: pytest.MonkeyPatch, s3: S3Settings, endpoint: str) -> None:
    def found() -> Settings:
        return dataclasses.replace(
            settings(),
            s3_endpoint=f"http://{endpoint}",
            s3_access_key=s3.access_key,
            s3_secret_key=s3.secret_key,
            s3_bucket=f"{s3.bucket}-of-its-own",
        )

    monkeypatch.setattr(store, "settings", found)


def test_the_store_may_come_later(
    service: ServiceUnderTest, s3: S3Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    reaching(monkeypatch, s3, f"127.0.0.1:{free_ports(1)[0]}")
    refused = send(service, candidate_files())
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
    assert told(service.call("GET", candidate_files(), admin_of(CENTRE)))["total"] == 0

    reaching(monkeypatch, s3, s3.endpoint)
    file = sent(service, candidate_files(), b"at last")
    path = f"{candidate_files()}/{file['id']}"
    assert service.call("GET", path, admin_of(CENTRE)).data == b"at last"
