"""The main job, from sign-in to the report, by a client written from the contract alone."""

import hashlib
from collections.abc import Iterator

import pytest

from tests.integration.conftest import Accounts, MakePaper, OpenSheet
from tests.support.allocating import allocate
from tests.support.sheet import Sheet
from tests.support.waiting import wait_for

MEBIBYTE = 1024 * 1024
STEPS = [(10, 1), (19, 2), (29, 3), (59, 4), (99, 5)]


def number(rank: int) -> str:
    return f"{rank:04d}"


def falling_marks(candidates: int) -> dict[str, list[int]]:
    """Candidate 0001 has the highest mark; ties follow candidate numbers, as ranks do."""
    return {number(rank): [100 - rank * 90 // candidates] for rank in range(1, candidates + 1)}


def stepped(candidates: int, step: int) -> set[str]:
    """First and every `step`th, and the lowest, as the policy table has it."""
    return {number(rank) for rank in range(1, candidates + 1, step)} | {number(candidates)}


def evenly(candidates: int, size: int) -> set[str]:
    ranks = [round(i * (candidates - 1) / (size - 1)) for i in range(size)]
    return {number(rank + 1) for rank in ranks}


def test_a_teacher_sees_the_papers_of_the_centre(accounts: Accounts) -> None:
    papers = accounts["user"].get(f"/api/marks/centres/{accounts.centre_no}/papers").expect(200)
    assert len(papers["papers"]) >= 8
    assert {one["state"] for one in papers["papers"]} >= {"not_started", "submitted"}


@pytest.mark.parametrize(("candidates", "step"), STEPS)
def test_the_sample_of_a_stepped_band(
    make_paper: MakePaper, open_sheet: OpenSheet, candidates: int, step: int
) -> None:
    sheet = open_sheet(make_paper(candidates))
    sheet.fill(falling_marks(candidates))
    sheet.submit()
    chosen = {one["candidate_no"] for one in sheet.wait_for_sample()}
    assert chosen == stepped(candidates, step)


def test_the_sample_of_199_candidates_is_20(make_paper: MakePaper, open_sheet: OpenSheet) -> None:
    sheet = open_sheet(make_paper(199))
    sheet.fill(falling_marks(199))
    sheet.submit()
    chosen = {str(one["candidate_no"]) for one in sheet.wait_for_sample()}
    assert len(chosen) == 20
    assert {number(1), number(199)} <= chosen
    assert len(chosen & stepped(199, 10)) >= 20


def test_the_whole_main_job_with_250_candidates(
    accounts: Accounts, make_paper: MakePaper, open_sheet: OpenSheet
) -> None:
    paper_id = make_paper(250)
    sheet = open_sheet(paper_id)
    sheet.fill(falling_marks(250))
    receipt = sheet.submit()
    assert receipt["candidates"] == 250
    chosen = {str(one["candidate_no"]) for one in sheet.wait_for_sample()}
    assert chosen == evenly(250, 25)

    _upload_and_download(sheet, min(chosen))
    _correct_and_see(accounts, sheet, paper_id)


def fifty_mebibytes() -> Iterator[bytes]:
    """50 MiB that no compression shortens, a piece at a time."""
    piece = hashlib.shake_256(b"evidence").digest(MEBIBYTE)
    for index in range(50):
        yield index.to_bytes(4, "big") + piece[4:]


def _upload_and_download(sheet: Sheet, candidate_no: str) -> None:
    files = sheet.wait_for_uploads(candidate_no)
    stored = sheet.api.upload(files, "gwaith.zip", fifty_mebibytes()).expect(201)
    sent = hashlib.sha256()
    for piece in fifty_mebibytes():
        sent.update(piece)
    assert (stored["size"], stored["sha256"]) == (50 * MEBIBYTE, sent.hexdigest())
    back = sheet.api.get(f"{files}/{stored['id']}")
    assert back.status == 200
    assert hashlib.sha256(back.content).hexdigest() == sent.hexdigest()
    assert "attachment" in back.headers["Content-Disposition"]


def _correct_and_see(accounts: Accounts, sheet: Sheet, paper_id: str) -> None:
    moderator = accounts["appointee"]
    allocate(accounts["board"], moderator.user["email"], accounts.centre_no, paper_id)
    wait_for("allocation", lambda: moderator.get(f"{sheet.path}/marksheet").status == 200)
    slip = {"candidate_no": "0001", "tasks": [61], "reason": "Added up wrongly"}
    moderator.post(f"{sheet.path}/clerical-errors", slip).expect(201)

    (first, *_rest) = sheet.api.get(f"{sheet.path}/marksheet").expect(200)["candidates"]
    assert (first["total"], first["effective_total"]) == (100, 61)
    assert first["clerical_error"]["total"] == 61

    def reported() -> bool:
        report = sheet.api.get(f"{sheet.reports}/candidate-details").expect(200)
        return bool(report["rows"][0]["mark"] == 61)

    wait_for("the report shows the clerical error", reported)
    report = sheet.api.get(f"{sheet.reports}/candidate-details").expect(200)
    assert len(report["rows"]) == 250
    assert report["rows"][0]["sample"] == "Yes"
