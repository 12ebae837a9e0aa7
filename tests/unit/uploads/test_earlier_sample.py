"""What was uploaded for a sample that another has replaced: the moderator gets none of it."""

import io
from typing import Any
from zipfile import ZipFile

import pytest

from shared.access.principal import Principal
from tests.support.service import BOARD, MODERATOR, ServiceUnderTest, admin_of
from tests.unit.uploads.builders import (
    CENTRE,
    OUTSIDE,
    SAMPLED,
    SHEET,
    candidate_files,
    group_files,
    sampled_sheet,
    sent,
    tell_reopened,
    tell_sample,
    tell_submitted,
    told,
)

PDF = b"%PDF-1.4 good"
KEPT = SAMPLED[1]
OTHERS = (BOARD, admin_of(CENTRE))
WAYS = ("", "/preview")


@pytest.fixture
def files(service: ServiceUnderTest) -> dict[str, str]:
    """The path of each file, by the folder of the archive, once the sheet is submitted anew."""
    sampled_sheet(service)
    paths = {number: candidate_files(number) for number in SAMPLED} | {"group": group_files()}
    uploaded = {where: f"{at}/{sent(service, at, PDF)['id']}" for where, at in paths.items()}
    tell_reopened(service)
    tell_submitted(service)
    return uploaded


def archived(service: ServiceUnderTest, who: Principal) -> set[str]:
    """The folders of the archive; of none where there is no archive."""
    answer = service.call("GET", f"{SHEET}/files/archive", who, buffered=True)
    if answer.status_code == 404:
        return set()
    with ZipFile(io.BytesIO(answer.data)) as archive:
        return {name.split("/")[1] for name in archive.namelist()}


def opened(service: ServiceUnderTest, who: Principal, files: dict[str, str]) -> set[str]:
    """Which files are handed out, in which ways."""
    return {
        where + way
        for where, at in files.items()
        for way in WAYS
        if service.call("GET", at + way, who, buffered=True).status_code == 200
    }


def both(*folders: str) -> set[str]:
    """Handed out in both ways."""
    return {folder + way for folder in folders for way in WAYS}


def listed(service: ServiceUnderTest, who: Principal) -> list[Any]:
    """The files of the group: with the whole sheet, and alone."""
    whole = told(service.call("GET", f"{SHEET}/files", who))["group_files"]
    assert told(service.call("GET", group_files(), who))["files"] == whole
    return list(whole)


def test_before_the_next_sample_a_moderator_gets_nothing(
    service: ServiceUnderTest, files: dict[str, str]
) -> None:
    assert archived(service, MODERATOR) == opened(service, MODERATOR, files) == set()
    assert listed(service, MODERATOR) == []
    for who in OTHERS:
        assert archived(service, who) == {*files}
        assert opened(service, who, files) == both(*files)
        assert len(listed(service, who)) == 1


def test_after_it_what_is_of_the_sample_and_of_the_group(
    service: ServiceUnderTest, files: dict[str, str]
) -> None:
    tell_sample(service, candidates=[KEPT, OUTSIDE])
    assert archived(service, MODERATOR) == {KEPT, "group"}
    assert opened(service, MODERATOR, files) == both(KEPT, "group")
    assert len(listed(service, MODERATOR)) == 1
    for who in OTHERS:
        assert archived(service, who) == {*files}
        assert opened(service, who, files) == both(*files)
