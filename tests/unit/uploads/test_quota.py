"""What the evidence of a centre may take in one series, and what is refused beyond it."""

import dataclasses
from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from services.uploads.commands import transfers
from services.uploads.domain.quota import Quota
from services.uploads.models import EvidenceFile, Transfer
from services.uploads.queries import quota
from shared.access.principal import Membership
from shared.errors import ConflictError
from shared.settings import Settings, settings
from tests.support.memory_storage import MemoryStorage
from tests.support.service import BOARD, MODERATOR, ServiceUnderTest, rows_of, teacher_of_sets
from tests.unit.uploads.builders import (
    CENTRE,
    PAPER,
    SAMPLED,
    SHEET,
    candidate_files,
    group_files,
    sampled_sheet,
    send,
    sent,
    told,
)
from tests.unit.uploads.conftest import Clock
from tests.unit.uploads.sending import (
    ADMIN,
    CONTENT,
    UPLOADS,
    begin,
    begun,
    complete,
    left,
    whole,
)

ALLOWED = 100
OTHER_SHEET = SHEET.replace(PAPER, "p-2")
NEXT_SERIES = SHEET.replace(PAPER, "p-3")

pytestmark = pytest.mark.usefixtures("small_parts")


@pytest.fixture(autouse=True)
def _limit(monkeypatch: pytest.MonkeyPatch) -> None:
    def limited() -> Settings:
        evidence = dataclasses.replace(settings().evidence, quota_bytes=ALLOWED)
        return dataclasses.replace(settings(), evidence=evidence)

    monkeypatch.setattr(quota, "settings", limited)


@pytest.fixture
def service(service: ServiceUnderTest) -> ServiceUnderTest:
    """Three sheets of a centre, two of them of one series."""
    sampled_sheet(service)
    sampled_sheet(service, paper_id="p-2")
    sampled_sheet(service, paper_id="p-3", series={"month": "JUNE", "year": 2032})
    return service


def takes(service: ServiceUnderTest, sheet: str = SHEET) -> dict[str, int]:
    told_of: dict[str, int] = told(service.call("GET", f"{sheet}/files", ADMIN))["quota"]
    return told_of


def test_who_is_there_for_some_of_the_centre_learns_nothing_of_all(
    service: ServiceUnderTest,
) -> None:
    sent(service, candidate_files(), b"y" * 40)
    of_one_paper = {CENTRE: Membership("user", iamis=True, papers=frozenset({PAPER}))}
    some = [
        MODERATOR,
        teacher_of_sets(CENTRE, "10A"),
        dataclasses.replace(ADMIN, centres=of_one_paper),
    ]
    everybody = {"used": 40, "allowed": ALLOWED}
    for who, told_of in [(one, None) for one in some] + [(BOARD, everybody), (ADMIN, everybody)]:
        answer = service.call("GET", f"{SHEET}/files", who)
        assert (answer.status_code, told(answer)["quota"]) == (200, told_of)


@pytest.mark.parametrize(
    ("used", "allowed", "size", "fits"),
    [
        (0, 100, 100, True),
        (0, 100, 101, False),
        (40, 100, 60, True),
        (40, 100, 61, False),
        (100, 100, 1, False),
        (200, 100, 1, False),
        (10**15, 0, 10**15, True),
    ],
)
def test_what_fits(used: int, allowed: int, size: int, *, fits: bool) -> None:
    asked = Quota(used, allowed)
    if fits:
        asked.check(size)
        return
    with pytest.raises(ConflictError) as refusal:
        asked.check(size)
    assert refusal.value.slug == "quota-exceeded"


def test_the_refusal_says_sizes_as_the_page_does() -> None:
    with pytest.raises(ConflictError) as refusal:
        Quota(199 * 10**9, 200 * 10**9).check(1_200_000_000)
    assert "takes 199 GB of the 200 GB" in refusal.value.detail
    assert "this file has 1.2 GB" in refusal.value.detail


def in_one_piece(service: ServiceUnderTest, sheet: str = SHEET, size: int = 61) -> TestResponse:
    return send(service, candidate_files(sheet=sheet), b"x" * size)


def of_the_group(service: ServiceUnderTest) -> TestResponse:
    return send(service, group_files(), b"x" * 61)


def of_another_sheet(service: ServiceUnderTest) -> TestResponse:
    return in_one_piece(service, OTHER_SHEET)


def in_parts(service: ServiceUnderTest) -> TestResponse:
    return begin(service, size=61)


@pytest.mark.parametrize("way", [in_one_piece, of_the_group, of_another_sheet, in_parts])
def test_what_is_too_much_is_refused_and_changes_nothing(
    service: ServiceUnderTest, storage: MemoryStorage, way: Callable[..., TestResponse]
) -> None:
    sent(service, candidate_files(), b"y" * 40)
    answer = way(service)
    assert (answer.status_code, told(answer)["type"]) == (409, "urn:iamis:problem:quota-exceeded")
    assert (told(answer)["used"], told(answer)["allowed"]) == (40, ALLOWED)
    assert left(service, storage) == (0, 0, 1)
    assert len(service.emitted("evidence.uploaded.v1")) == 1
    assert takes(service) == {"used": 40, "allowed": ALLOWED}


def test_another_series_has_a_quota_of_its_own(service: ServiceUnderTest) -> None:
    sent(service, candidate_files(), b"y" * 100)
    assert takes(service, OTHER_SHEET) == {"used": 100, "allowed": ALLOWED}
    assert takes(service, NEXT_SERIES) == {"used": 0, "allowed": ALLOWED}
    assert in_one_piece(service, NEXT_SERIES, size=100).status_code == 201


def test_many_that_are_begun_count_as_large_as_they_will_be(
    service: ServiceUnderTest, storage: MemoryStorage
) -> None:
    answers = [begin(service, size=30).status_code for _each in range(5)]
    assert answers == [201, 201, 201, 409, 409]
    assert takes(service)["used"] == 90
    assert left(service, storage) == (3, 3, 0)
    assert in_one_piece(service, size=11).status_code == 409


def test_what_is_given_up_or_cleared_away_counts_no_more(
    service: ServiceUnderTest, storage: MemoryStorage, moment: Clock
) -> None:
    service.call("DELETE", begun(service, size=90), ADMIN)
    assert takes(service)["used"] == 0
    begun(service, size=90)
    moment.now += transfers.KEPT * 2
    transfers.clear(service.database, storage)
    assert takes(service)["used"] == 0


def test_what_was_begun_is_completed_though_it_fills_the_quota(service: ServiceUnderTest) -> None:
    at = whole(service)
    sent(service, candidate_files(), b"y" * (ALLOWED - len(CONTENT)))
    assert complete(service, at).status_code == 201
    assert takes(service) == {"used": ALLOWED, "allowed": ALLOWED}


def test_deleted_files_are_kept_and_count(service: ServiceUnderTest) -> None:
    file = sent(service, candidate_files(), b"y" * 90)
    service.call("DELETE", f"{candidate_files()}/{file['id']}", ADMIN)
    assert takes(service)["used"] == 90
    assert in_one_piece(service, size=11).status_code == 409


def test_of_two_at_once_the_second_sees_the_first(
    service: ServiceUnderTest, storage: MemoryStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both fit when they are begun; while the second arrives, the first is listed."""
    put = storage.put

    def arrives_meanwhile(*given: object) -> object:
        monkeypatch.setattr(storage, "put", put)
        sent(service, candidate_files(SAMPLED[1]), b"y" * 60)
        return put(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(storage, "put", arrives_meanwhile)
    assert in_one_piece(service, size=60).status_code == 409
    assert len(storage.objects) == 1
    with service.transaction() as session:
        assert [row.candidate_no for row in rows_of(session, EvidenceFile)] == [SAMPLED[1]]
        assert rows_of(session, Transfer) == []


def test_the_refusal_is_told_in_the_readers_language(service: ServiceUnderTest) -> None:
    asked = {"name": "a.bin", "size": 10**7, "candidate_no": SAMPLED[0]}
    said = [
        told(service.call("POST", f"{UPLOADS}?lang={language}", ADMIN, json=asked))["detail"]
        for language in ("en", "cy")
    ]
    assert "this file has 10 MB" in said[0]
    assert said[0] != said[1]
