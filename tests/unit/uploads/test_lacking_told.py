"""Others are told who lacks evidence, in the transaction of whatever may have changed it."""

from typing import Any

import pytest

from services.uploads.commands import purging, scanning
from services.uploads.present import PRESENT
from tests.support.memory_storage import MemoryStorage
from tests.support.service import ServiceUnderTest, admin_of
from tests.support.statements import counted
from tests.unit.uploads.builders import (
    ALL_IN,
    CENTRE,
    PAPER,
    SAMPLED,
    SHEET,
    candidate_files,
    group_files,
    sampled_sheet,
    sent,
    tell_entry,
    tell_paper,
    tell_reopened,
    tell_sample,
    tell_submitted,
)
from tests.unit.uploads.conftest import Clock

LACKING = "evidence.lacking.v1"
SUBJECT = f"{CENTRE}/{PAPER}"
PIECES = ["Case Study 1", "Question set"]
ONE, OTHER = SAMPLED
OTHERS = ("68202", "68303")
NOBODY: dict[str, list[str]] = {}


def told(service: ServiceUnderTest) -> tuple[dict[str, list[str]], bool]:
    """What was told last of the sheet: who lacks what, and whether the group lacks files."""
    return _said([one for one in service.emitted(LACKING) if one.subject == SUBJECT][-1].data)


def _said(data: Any) -> tuple[dict[str, list[str]], bool]:
    return {one["candidate_no"]: one["missing"] for one in data["candidates"]}, data["group"]


def test_a_sample_asks_and_each_file_brings(service: ServiceUnderTest) -> None:
    sampled_sheet(service, "candidate", evidence_pieces=PIECES)
    assert told(service) == ({ONE: PIECES, OTHER: PIECES}, False)
    file = sent(service, f"{candidate_files(ONE)}?piece=Case%20Study%201")
    assert told(service) == ({ONE: ["Question set"], OTHER: PIECES}, False)
    sent(service, f"{candidate_files(OTHER)}?exemption")
    assert told(service) == ({ONE: ["Question set"]}, False)
    service.call("DELETE", f"{candidate_files(ONE)}/{file['id']}", admin_of(CENTRE))
    assert told(service) == ({ONE: PIECES}, False)


def test_a_file_of_the_group_about_some_leaves_the_others_lacking(
    service: ServiceUnderTest,
) -> None:
    sampled_sheet(service)
    assert told(service) == (NOBODY, True)
    sent(service, f"{group_files()}?candidates={ONE}")
    assert told(service) == ({OTHER: []}, False)


def test_a_paper_that_asks_for_other_pieces_tells_of_its_sheets(service: ServiceUnderTest) -> None:
    sampled_sheet(service, "candidate")
    count = len(service.emitted(LACKING))
    tell_paper(service, "candidate", title="Another title")
    assert len(service.emitted(LACKING)) == count
    tell_paper(service, "candidate", evidence_pieces=PIECES)
    assert told(service) == ({ONE: PIECES, OTHER: PIECES}, False)
    tell_paper(service, "none")
    assert told(service) == (NOBODY, False)


def test_a_paper_of_many_sheets_is_read_as_one(service: ServiceUnderTest) -> None:
    def reads(**changes: Any) -> int:
        with counted(service.database) as statements:
            tell_paper(service, "candidate", **changes)
        return sum("FROM sample_candidates" in one for one in statements)

    sampled_sheet(service, "candidate")
    alone = reads(evidence_pieces=PIECES)
    for centre_no in OTHERS:
        tell_submitted(service, centre_no=centre_no)
        tell_sample(service, centre_no=centre_no)
    assert reads(evidence_pieces=PIECES[:1]) == alone
    heard = [one.subject for one in service.emitted(LACKING)[-3:]]
    assert heard == [f"{centre_no}/{PAPER}" for centre_no in (CENTRE, *OTHERS)]
    tell_paper(service, "none")
    heard_last = service.emitted(LACKING)[-3:]
    assert [one.subject for one in heard_last] == heard
    assert [_said(one.data) for one in heard_last] == [(NOBODY, False)] * 3


def test_the_paper_may_come_after_its_sample(service: ServiceUnderTest) -> None:
    tell_submitted(service)
    tell_sample(service)
    assert service.emitted(LACKING) == []
    tell_paper(service, "candidate")
    assert told(service) == ({ONE: [], OTHER: []}, False)


def test_the_submission_may_come_after_its_sample(service: ServiceUnderTest) -> None:
    tell_paper(service, "candidate")
    tell_sample(service)
    assert service.emitted(LACKING) == []
    tell_submitted(service)
    assert told(service) == ({ONE: [], OTHER: []}, False)


def test_it_is_told_before_what_has_changed_it(
    service: ServiceUnderTest, storage: MemoryStorage, moment: Clock
) -> None:
    """So everybody locks the sheet before they draw a sequence of it, as events coming in do."""
    sampled_sheet(service, "candidate")
    before = len(service.emitted())
    first = sent(service, candidate_files(ONE))
    sent(service, candidate_files(OTHER))
    service.call("DELETE", f"{candidate_files(ONE)}/{first['id']}", admin_of(CENTRE))
    moment.now = ALL_IN
    files = purging.files_of_series(service.database, "JUNE 2031")
    purging.purge(service.database, storage, files, lambda _done: None)
    uploaded, deleted = "evidence.uploaded.v1", "evidence.deleted.v1"
    told_of = [each for key in (uploaded, uploaded, deleted, deleted) for each in (LACKING, key)]
    assert [event.key for event in service.emitted()[before:]] == told_of


def test_a_sample_told_again_tells_nobody_anew(service: ServiceUnderTest) -> None:
    sampled_sheet(service, "candidate")
    before = len(service.emitted(LACKING))
    tell_sample(service)
    assert len(service.emitted(LACKING)) == before > 0


def test_an_undone_submission_asks_nobody(service: ServiceUnderTest) -> None:
    sampled_sheet(service, "candidate")
    tell_reopened(service)
    assert told(service) == (NOBODY, False)


@pytest.mark.parametrize(
    ("finding", "lacks"), [(None, {OTHER: []}), ("Eicar", {ONE: [], OTHER: []})]
)
def test_what_is_rejected_is_lacking_again(
    service: ServiceUnderTest,
    monkeypatch: pytest.MonkeyPatch,
    finding: str | None,
    lacks: dict[str, list[str]],
) -> None:
    sampled_sheet(service, "candidate")
    monkeypatch.setattr("services.uploads.commands.files.ACCEPTED", "waiting")
    file = sent(service, candidate_files(ONE))
    with service.transaction() as session:
        scanning.decide(session, file["id"], finding)
    assert told(service) == (lacks, False)


def test_where_evidence_was_removed_for_good_nobody_is_asked(
    service: ServiceUnderTest, storage: MemoryStorage, moment: Clock
) -> None:
    sampled_sheet(service, "candidate")
    sent(service, candidate_files(ONE))
    moment.now = ALL_IN
    files = purging.files_of_series(service.database, "JUNE 2031")
    purging.purge(service.database, storage, files, lambda _done: None)
    assert told(service) == (NOBODY, False)


def test_it_is_told_again_as_it_is(service: ServiceUnderTest) -> None:
    sampled_sheet(service, evidence_pieces=PIECES)
    sampled_sheet(service, "none", "p-2")
    with service.transaction() as session:
        ((subject, data),) = PRESENT[LACKING](session)
    assert (subject, _said(data)) == (SUBJECT, told(service))


@pytest.mark.parametrize("early", [False, True])
def test_of_whoever_was_withdrawn_nothing_lacks(service: ServiceUnderTest, *, early: bool) -> None:
    if early:
        tell_entry(service, ONE, "withdrawn")
    sampled_sheet(service, "candidate")
    if not early:
        tell_entry(service, ONE, "withdrawn")
    assert told(service) == ({OTHER: []}, False)
    listed = service.call("GET", f"{SHEET}/files", admin_of(CENTRE)).json or {}
    found = {one["candidate_no"]: one["lacks"] for one in listed["candidates"]}
    assert found == {ONE: False, OTHER: True}

    tell_entry(service, ONE, "added")

    assert told(service) == ({ONE: [], OTHER: []}, False)
