"""A service that is down: the others go on, and its part of the work is done when it is back."""

import pytest

from tests.integration.conftest import MakeSheet
from tests.support.api import Api
from tests.support.faults import down, emitted, kept_down, kill
from tests.support.sheet import Sheet
from tests.support.stack import Stack
from tests.support.waiting import wait_for

CANDIDATES = 12
CONTENT = b"evidence"


def asked_of(sheet: Sheet) -> dict[str, str]:
    """An address of each service that a teacher of the sheet may read."""
    return {
        "identity": "/api/identity/me",
        "marks": f"{sheet.path}/marksheet",
        "reports": f"{sheet.reports}/candidate-details",
        "sampling": f"{sheet.sampling}/sample",
        "uploads": f"{sheet.uploads}/group-files",
    }


def refused_alone(sheet: Sheet, name: str) -> None:
    """The service is refused as the contract says, and no other is."""
    refusals = {}
    for service, path in asked_of(sheet).items():
        answer = sheet.api.get(path)
        if answer.status != 200:
            refusals[service] = answer
    assert set(refusals) == {name}
    refusal = refusals[name]
    assert (refusal.status, refusal.json["status"]) == (503, 503)
    assert refusal.headers["Content-Type"] == "application/problem+json"
    assert int(refusal.headers["Retry-After"]) > 0


@pytest.fixture
def sheet(make_sheet: MakeSheet) -> Sheet:
    made = make_sheet(CANDIDATES)
    made.wait_for_report()
    return made


def entered_and_submitted(sheet: Sheet) -> None:
    sheet.fill_all()
    assert sheet.submit()["candidates"] == CANDIDATES


def with_evidence(sheet: Sheet) -> None:
    """Upload a file for the first candidate of the sample, and get it back."""
    files = sheet.wait_for_uploads(str(sheet.wait_for_sample()[0]["candidate_no"]))
    stored = sheet.api.upload(files, "gwaith.txt", CONTENT).expect(201)
    assert sheet.api.get(f"{files}/{stored['id']}").content == CONTENT


def sampled_once(stack: Stack, sheet: Sheet) -> None:
    """Everybody has heard of the one sample."""
    sheet.settle()
    chosen = {one["candidate_no"] for one in sheet.sample()["candidates"]}
    ticked = {one["candidate_no"] for one in sheet.candidates(show="samples")}
    assert ticked == chosen
    subject = f"{sheet.centre_no}/{sheet.paper_id}"
    assert emitted(stack, "sampling", "sample.generated.v1", subject) == 1
    assert emitted(stack, "sampling", "sample.extended.v1", subject) == 0


def test_without_sampling_a_centre_submits_and_the_sample_follows(
    stack: Stack, sheet: Sheet
) -> None:
    with kept_down(stack, "sampling"):
        refused_alone(sheet, "sampling")
        entered_and_submitted(sheet)
        assert sheet.candidates(show="samples") == []
    with_evidence(sheet)
    sampled_once(stack, sheet)


def test_without_identity_tokens_go_on_and_nobody_signs_in(stack: Stack, sheet: Sheet) -> None:
    with kept_down(stack, "identity"):
        refused_alone(sheet, "identity")
        assert Api(stack.base_url).post("/api/identity/sign-in", {}).status == 503
        entered_and_submitted(sheet)
        with_evidence(sheet)
    assert sheet.api.get("/api/identity/me").expect(200)["role"] == "user"


def test_without_reports_the_work_goes_on_and_the_report_follows(
    stack: Stack, sheet: Sheet
) -> None:
    with kept_down(stack, "reports"):
        refused_alone(sheet, "reports")
        entered_and_submitted(sheet)
        with_evidence(sheet)
    chosen = {one["candidate_no"] for one in sheet.wait_for_sample()}
    wait_for("the report has caught up", lambda: sampled_in_report(sheet) == chosen)
    assert len(sheet.report()["rows"]) == CANDIDATES


def sampled_in_report(sheet: Sheet) -> set[str]:
    return {row["candidate_no"] for row in sheet.report()["rows"] if row["sample"] == "Yes"}


def test_without_uploads_the_sample_is_there_and_files_are_taken_later(
    stack: Stack, sheet: Sheet
) -> None:
    with kept_down(stack, "uploads"):
        refused_alone(sheet, "uploads")
        entered_and_submitted(sheet)
        sampled_once(stack, sheet)
    with_evidence(sheet)


def test_without_marks_the_rest_can_be_read(stack: Stack, sheet: Sheet) -> None:
    entered_and_submitted(sheet)
    with_evidence(sheet)
    with kept_down(stack, "marks"):
        refused_alone(sheet, "marks")
        assert sheet.sample()["state"] == "generated"
        assert len(sheet.report()["rows"]) == CANDIDATES
    assert down(stack) == []
    assert sheet.paper()["state"] == "submitted"


def test_a_killed_file_store_comes_back_with_every_file(stack: Stack, sheet: Sheet) -> None:
    entered_and_submitted(sheet)
    files = sheet.wait_for_uploads(str(sheet.wait_for_sample()[0]["candidate_no"]))
    stored = sheet.api.upload(files, "gwaith.txt", CONTENT).expect(201)
    kill(stack, "store")

    refused = sheet.api.upload(files, "gwaith.txt", CONTENT)
    assert (refused.status, int(refused.headers["Retry-After"]) > 0) == (503, True)
    assert sheet.api.get(files).expect(200)["total"] == 1
    assert down(stack) == []

    def taken_again() -> bool:
        return sheet.api.upload(files, "gwaith.txt", CONTENT).status == 201

    wait_for("files are taken again", taken_again, 60)
    assert sheet.api.get(f"{files}/{stored['id']}").content == CONTENT
    assert sheet.api.get(files).expect(200)["total"] == 2
