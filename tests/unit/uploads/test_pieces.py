"""The pieces of the work, whom files of the group are about, and who still lacks evidence."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import update

from services.uploads.commands import purging
from services.uploads.domain.pieces import About, Filed, lacking
from services.uploads.domain.rules import REJECTED
from services.uploads.models import EvidenceFile
from tests.support.memory_storage import MemoryStorage
from tests.support.service import MODERATOR, ServiceUnderTest, admin_of, teacher_of_sets
from tests.unit.uploads.builders import (
    ALL_IN,
    CENTRE,
    OUTSIDE,
    PAPER,
    SAMPLED,
    SHEET,
    candidate_files,
    group_files,
    sampled_sheet,
    send,
    sent,
    tell_paper,
    told,
)
from tests.unit.uploads.conftest import Clock
from tests.unit.uploads.sending import begin, complete, whole
from tests.unit.uploads.test_teaching_sets import tell_sets

ADMIN = admin_of(CENTRE)
PIECES = ["Case Study 1", "Question set"]
ONE, OTHER = SAMPLED
LACKING = f"/api/uploads/centres/{CENTRE}/lacking"


def own(number: str, **about: Any) -> Filed:
    return Filed(number, About(**about))


def shared(*candidates: str, **about: Any) -> Filed:
    return Filed(None, About(candidates=candidates, **about))


@pytest.mark.parametrize(
    ("upload", "pieces", "files", "group", "candidates"),
    [
        ("none", PIECES, [], False, {}),
        ("candidate", [], [], False, {ONE: [], OTHER: []}),
        ("candidate", [], [own(ONE)], False, {OTHER: []}),
        ("candidate", PIECES, [own(ONE), own(OTHER, piece="Question set")], False,
         {ONE: PIECES, OTHER: ["Case Study 1"]}),
        ("candidate", PIECES, [own(ONE, piece=piece) for piece in PIECES], False, {OTHER: PIECES}),
        ("candidate", PIECES, [own(ONE, exemption=True)], False, {OTHER: PIECES}),
        ("candidate", PIECES, [own(ONE, piece="Case Study 1", exemption=True)], False,
         {ONE: ["Question set"], OTHER: PIECES}),
        ("candidate", PIECES, [own(ONE, piece="of before")], False, {ONE: PIECES, OTHER: PIECES}),
        ("group", [], [], True, {}),
        ("group", [], [own(ONE)], True, {}),
        ("group", [], [shared()], False, {}),
        ("group", [], [shared(ONE)], False, {OTHER: []}),
        ("group", [], [shared(ONE), own(OTHER)], False, {}),
        ("group", PIECES, [shared(piece="Question set")], False,
         {ONE: ["Case Study 1"], OTHER: ["Case Study 1"]}),
        ("group", PIECES, [shared(ONE, exemption=True)], False, {OTHER: PIECES}),
        ("group", PIECES, [], True, {ONE: PIECES, OTHER: PIECES}),
    ],
)  # fmt: skip
def test_who_lacks_what(
    upload: str,
    pieces: Sequence[str],
    files: Sequence[Filed],
    candidates: dict[str, list[str]],
    *,
    group: bool,
) -> None:
    lack = lacking(upload, pieces, SAMPLED, files)
    assert (lack.group, lack.candidates) == (group, candidates)


def of_sheet(service: ServiceUnderTest) -> dict[str, Any]:
    listed = told(service.call("GET", f"{SHEET}/files", ADMIN))
    assert [one["lacks"] for one in listed["candidates"]] == [
        bool(one["missing"]) for one in listed["candidates"]
    ]
    return {one["candidate_no"]: one["missing"] for one in listed["candidates"]}


def test_a_piece_is_brought_and_told_of_until_it_is_deleted(service: ServiceUnderTest) -> None:
    sampled_sheet(service, evidence_pieces=PIECES)
    file = sent(service, f"{candidate_files(ONE)}?piece=Case%20Study%201")
    assert (file["piece"], file["exemption"], file["candidates"]) == ("Case Study 1", False, [])
    assert of_sheet(service) == {ONE: ["Question set"], OTHER: PIECES}
    sent(service, f"{candidate_files(OTHER)}?exemption")
    assert of_sheet(service) == {ONE: ["Question set"], OTHER: []}
    service.call("DELETE", f"{candidate_files(ONE)}/{file['id']}", ADMIN)
    assert of_sheet(service) == {ONE: PIECES, OTHER: []}


def test_a_rejected_file_is_no_evidence(service: ServiceUnderTest) -> None:
    sampled_sheet(service, "candidate")
    sent(service, candidate_files(ONE))
    with service.transaction() as session:
        session.execute(update(EvidenceFile).values(status=REJECTED))
    listed = told(service.call("GET", f"{SHEET}/files", ADMIN))
    assert [one["lacks"] for one in listed["candidates"]] == [True, True]
    assert len(told(service.call("GET", LACKING, ADMIN))["sheets"][0]["candidates"]) == 2


def test_a_file_of_the_group_is_for_those_it_names(service: ServiceUnderTest) -> None:
    sampled_sheet(service, evidence_pieces=PIECES[:1])
    file = sent(service, f"{group_files()}?piece=Case%20Study%201&candidates={OTHER},{OTHER}")
    assert file["candidates"] == [OTHER]
    assert of_sheet(service) == {ONE: PIECES[:1], OTHER: []}


@pytest.mark.usefixtures("small_parts")
def test_what_comes_in_parts_is_a_piece_too(service: ServiceUnderTest) -> None:
    sampled_sheet(service, evidence_pieces=PIECES)
    at = whole(service, piece="Question set", exemption=True)
    file = told(complete(service, at))
    assert (file["piece"], file["exemption"]) == ("Question set", True)
    assert of_sheet(service)[ONE] == ["Case Study 1"]
    at = whole(service, candidate_no=None, candidates=[OTHER, ONE])
    assert told(complete(service, at))["candidates"] == [ONE, OTHER]


def test_the_same_file_as_another_piece_is_kept(service: ServiceUnderTest) -> None:
    sampled_sheet(service, evidence_pieces=PIECES)
    path = f"{candidate_files(ONE)}?once=true&piece="
    codes = [send(service, path + piece).status_code for piece in (*PIECES, *PIECES)]
    assert codes == [201, 201, 200, 200]


REFUSED = [
    (candidate_files(ONE), {"piece": "case study 1"}, "/piece"),
    (candidate_files(ONE), {"piece": "x" * 256}, "/piece"),
    (candidate_files(ONE), {"candidates": ONE}, "/candidates"),
    (group_files(), {"candidates": f"{ONE},{OUTSIDE}"}, "/candidates"),
    (group_files(), {"candidates": "everybody"}, "/candidates"),
    (group_files(), {"exemption": "perhaps"}, "/exemption"),
]


@pytest.mark.parametrize(("path", "said", "pointer"), REFUSED)
def test_what_the_paper_or_its_sample_has_not_is_refused(
    service: ServiceUnderTest,
    storage: MemoryStorage,
    path: str,
    said: dict[str, str],
    pointer: str,
) -> None:
    sampled_sheet(service, evidence_pieces=PIECES)
    query = "&".join(f"{name}={value}" for name, value in said.items())
    answer = send(service, f"{path}?{query}")
    assert (answer.status_code, told(answer)["errors"][0]["pointer"]) == (422, pointer)
    given: dict[str, Any] = {**said}
    if "candidates" in said:
        given["candidates"] = said["candidates"].split(",")
    if path == group_files():
        given["candidate_no"] = None
    assert begin(service, **given).status_code == 422
    assert (storage.objects, storage.begun) == ({}, {})


def test_the_menu_of_a_centre_and_a_moderator_are_told_who_lacks(service: ServiceUnderTest) -> None:
    sampled_sheet(service, "candidate", evidence_pieces=PIECES)
    sampled_sheet(service, "group", "p-2")
    sampled_sheet(service, "none", "p-3")
    tell_paper(service, "candidate", "p-4")
    sent(service, f"{candidate_files(OTHER)}?exemption")
    lacks = [
        {
            "centre_no": CENTRE,
            "paper_id": PAPER,
            "candidates": [{"candidate_no": ONE, "missing": PIECES}],
            "group": False,
        },
        {"centre_no": CENTRE, "paper_id": "p-2", "candidates": [], "group": True},
    ]
    assert told(service.call("GET", LACKING, ADMIN)) == {"sheets": lacks, "total": 2}
    mine = service.call("GET", "/api/uploads/lacking", MODERATOR)
    assert told(mine) == {"sheets": lacks, "total": 2}
    sent(service, f"{candidate_files(ONE)}?exemption")
    sent(service, group_files(sheet=SHEET.replace(PAPER, "p-2")))
    assert told(service.call("GET", LACKING, ADMIN)) == {"sheets": [], "total": 0}


def test_whoever_is_for_a_set_is_told_of_its_candidates(service: ServiceUnderTest) -> None:
    sampled_sheet(service, "candidate")
    tell_sets(service)
    sampled_sheet(service, "group", "p-2")
    listed = told(service.call("GET", LACKING, teacher_of_sets(CENTRE, "10A")))
    (sheet,) = listed["sheets"]
    assert [one["candidate_no"] for one in sheet["candidates"]] == [ONE]


def test_nobody_lacks_what_was_removed_for_good(
    service: ServiceUnderTest, storage: MemoryStorage, moment: Clock
) -> None:
    sampled_sheet(service, "candidate")
    sent(service, candidate_files(ONE))
    moment.now = ALL_IN
    files = purging.files_of_series(service.database, "JUNE 2031")
    purging.purge(service.database, storage, files, lambda _done: None)
    assert told(service.call("GET", LACKING, ADMIN)) == {"sheets": [], "total": 0}
