"""What has arrived is listed though that loses a race in the database: nobody sends it again."""

from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from services.uploads.commands import files, transfers
from services.uploads.commands.lacking import tell_lacking
from services.uploads.commands.quota import claim
from tests.support.memory_storage import MemoryStorage
from tests.support.races import losing_once
from tests.support.service import ServiceUnderTest
from tests.unit.uploads.builders import candidate_files, sampled_sheet, send
from tests.unit.uploads.sending import begin, complete, left, whole


def in_one_piece(service: ServiceUnderTest) -> TestResponse:
    return send(service, candidate_files())


def in_parts(service: ServiceUnderTest) -> TestResponse:
    return complete(service, whole(service))


@pytest.mark.parametrize("way", [in_one_piece, in_parts])
@pytest.mark.usefixtures("small_parts")
def test_a_file_is_listed_once(
    service: ServiceUnderTest,
    storage: MemoryStorage,
    monkeypatch: pytest.MonkeyPatch,
    way: Callable[[ServiceUnderTest], TestResponse],
) -> None:
    sampled_sheet(service)
    monkeypatch.setattr(files, "tell_lacking", losing_once(tell_lacking))
    assert way(service).status_code == 201
    assert left(service, storage) == (0, 0, 1)
    assert len(service.emitted("evidence.uploaded.v1")) == 1


def test_an_upload_is_begun_once(
    service: ServiceUnderTest, storage: MemoryStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    sampled_sheet(service)
    monkeypatch.setattr(transfers, "claim", losing_once(claim))
    assert begin(service).status_code == 201
    assert left(service, storage) == (1, 1, 0)
