"""What a file is, said anew without uploading it again."""

from typing import Any

import pytest

from shared.audit import AuditRow
from tests.support.service import ServiceUnderTest, admin_of, rows_of
from tests.unit.uploads.builders import (
    CENTRE,
    OUTSIDE,
    SAMPLED,
    SHEET,
    TOO_LATE,
    candidate_files,
    group_files,
    sampled_sheet,
    sent,
    tell_sample,
    told,
)
from tests.unit.uploads.conftest import Clock

ADMIN = admin_of(CENTRE)
PIECES = ["Case Study 1", "Question set"]
ONE, OTHER = SAMPLED


@pytest.fixture
def service(service: ServiceUnderTest) -> ServiceUnderTest:
    sampled_sheet(service, evidence_pieces=PIECES)
    return service


def missing(service: ServiceUnderTest) -> dict[str, list[str]]:
    listed = told(service.call("GET", f"{SHEET}/files", ADMIN))
    return {one["candidate_no"]: one["missing"] for one in listed["candidates"]}


def describe(service: ServiceUnderTest, at: str, **said: Any) -> tuple[int, dict[str, Any]]:
    answer = service.call("PATCH", at, ADMIN, json=said)
    return answer.status_code, told(answer)


def about(file: dict[str, Any]) -> tuple[str | None, bool, list[str]]:
    return file["piece"], file["exemption"], file["candidates"]


@pytest.mark.parametrize(
    ("said", "piece", "exemption", "gaps"),
    [
        ({"piece": "Question set"}, "Question set", False, ["Case Study 1"]),
        ({"piece": None}, None, False, PIECES),
        ({"exemption": True}, "Case Study 1", True, ["Question set"]),
        ({"piece": None, "exemption": True}, None, True, []),
    ],
)
def test_what_is_said_anew_counts_and_the_rest_stays(
    service: ServiceUnderTest,
    said: dict[str, Any],
    piece: str | None,
    gaps: list[str],
    *,
    exemption: bool,
) -> None:
    before = sent(service, f"{candidate_files(ONE)}?piece=Case%20Study%201")
    at = f"{candidate_files(ONE)}/{before['id']}"
    assert describe(service, at, **said) == (200, before | {"piece": piece, "exemption": exemption})
    assert missing(service) == {ONE: gaps, OTHER: PIECES}
    assert told(service.call("GET", candidate_files(ONE), ADMIN))["total"] == 1
    ((was, now, centre_no),) = _described(service)
    assert (was["piece"], now["piece"]) == ("Case Study 1", piece)
    assert (was["file"], centre_no) == (before["id"], CENTRE)
    latest = service.emitted("evidence.lacking.v1")[-1].data["candidates"]
    assert {one["candidate_no"]: one["missing"] for one in latest}.get(ONE, []) == gaps


def _described(service: ServiceUnderTest) -> list[tuple[dict[str, Any], dict[str, Any], str]]:
    """What was and what is, of which centre, as the audit trail has it."""
    with service.transaction() as session:
        return [
            (row.before, row.after, row.centre_no)
            for row in rows_of(session, AuditRow)
            if row.action == "evidence.describe"
        ]


def test_whom_a_file_of_the_group_is_about_is_said_anew(service: ServiceUnderTest) -> None:
    file = sent(service, f"{group_files()}?exemption&candidates={ONE}")
    status, after = describe(
        service, f"{group_files()}/{file['id']}", candidates=[OTHER, ONE, OTHER]
    )
    assert (status, about(after)) == (200, (None, True, [ONE, OTHER]))
    assert missing(service) == {ONE: [], OTHER: []}


def test_whom_it_was_about_may_stay_though_the_sample_shrank(service: ServiceUnderTest) -> None:
    file = sent(service, f"{group_files()}?candidates={ONE}")
    tell_sample(service, candidates=[OTHER])
    at = f"{group_files()}/{file['id']}"
    status, after = describe(service, at, piece="Question set", candidates=[ONE, OTHER])
    assert (status, about(after)) == (200, ("Question set", False, [ONE, OTHER]))
    assert describe(service, at, candidates=[ONE, OUTSIDE])[0] == 422
    status, after = describe(service, at, exemption=True)
    assert (status, about(after)) == (200, ("Question set", True, [ONE, OTHER]))


def test_the_same_again_changes_nothing(service: ServiceUnderTest) -> None:
    file = sent(service, f"{candidate_files(ONE)}?piece=Question%20set")
    before = len(service.emitted())
    at = f"{candidate_files(ONE)}/{file['id']}"
    for said in ({}, {"piece": "Question set"}, {"exemption": False, "candidates": []}):
        assert describe(service, at, **said) == (200, file)
    assert _described(service) == []
    assert len(service.emitted()) == before


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"piece": "of another paper"}, 422),
        ({"piece": 1}, 422),
        ({"exemption": "yes"}, 422),
        ({"candidates": [ONE]}, 422),
        ({"candidates": [OUTSIDE]}, 422),
        ({"name": "other.pdf"}, 422),
    ],
)
def test_what_cannot_be_is_refused(
    service: ServiceUnderTest, said: dict[str, Any], status: int
) -> None:
    file = sent(service, candidate_files(ONE))
    at = f"{candidate_files(ONE)}/{file['id']}"
    assert describe(service, at, **said)[0] == status
    assert told(service.call("GET", candidate_files(ONE), ADMIN))["files"] == [file]


def test_after_the_last_day_it_stays_as_it_is(service: ServiceUnderTest, moment: Clock) -> None:
    file = sent(service, candidate_files(ONE))
    moment.now = TOO_LATE
    status, problem = describe(service, f"{candidate_files(ONE)}/{file['id']}", exemption=True)
    assert (status, problem["type"]) == (409, "urn:iamis:problem:evidence-closed")


def test_what_is_not_there_is_not_described(service: ServiceUnderTest) -> None:
    file = sent(service, candidate_files(ONE))
    for at in (f"{candidate_files(OTHER)}/{file['id']}", f"{group_files()}/{file['id']}"):
        assert describe(service, at, exemption=True)[0] == 404
    service.call("DELETE", f"{candidate_files(ONE)}/{file['id']}", ADMIN)
    at = f"{candidate_files(ONE)}/{file['id']}"
    assert describe(service, at, exemption=True)[0] == 404
