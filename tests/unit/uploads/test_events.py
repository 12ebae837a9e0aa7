"""What events tell, in whatever order they come."""

import threading

import pytest

from services.uploads.commands import admission
from services.uploads.domain.rules import NO_SAMPLE, OUTSIDE_SAMPLE
from services.uploads.models import Paper
from tests.support.service import ServiceUnderTest, admin_of, rows_of
from tests.unit.uploads.builders import (
    CENTRE,
    PAPER,
    SAMPLED,
    SHEET,
    TOO_LATE,
    candidate_files,
    paper,
    sample,
    send,
    tell_paper,
    tell_reopened,
    tell_sample,
    tell_submitted,
    told,
)
from tests.unit.uploads.conftest import Clock

SUBJECT = f"{CENTRE}/{PAPER}"
LATER = "1007"


def sampled(service: ServiceUnderTest) -> list[str]:
    listed = told(service.call("GET", f"{SHEET}/files", admin_of(CENTRE)))
    return [candidate["candidate_no"] for candidate in listed["candidates"]]


def test_a_sample_that_grew_replaces_the_earlier_one(service: ServiceUnderTest) -> None:
    tell_paper(service)
    tell_submitted(service)
    service.deliver("sample.generated.v1", SUBJECT, sample())
    service.deliver("sample.extended.v1", SUBJECT, sample([LATER, *SAMPLED]))
    assert sampled(service) == [*SAMPLED, LATER]
    assert send(service, candidate_files(LATER)).status_code == 201


def test_an_older_sample_that_comes_late_is_passed_over(service: ServiceUnderTest) -> None:
    tell_paper(service)
    tell_submitted(service)
    service.deliver("sample.extended.v1", SUBJECT, sample([*SAMPLED, LATER]), sequence=7)
    service.deliver("sample.generated.v1", SUBJECT, sample(), sequence=6)
    assert sampled(service) == [*SAMPLED, LATER]


def test_the_order_of_paper_submission_and_sample_is_no_matter(service: ServiceUnderTest) -> None:
    tell_sample(service)
    tell_submitted(service)
    assert send(service, candidate_files()).status_code == 409
    tell_paper(service)
    assert send(service, candidate_files()).status_code == 201


def test_a_sample_of_nobody_is_a_sample(service: ServiceUnderTest) -> None:
    tell_paper(service)
    tell_submitted(service)
    tell_sample(service, candidates=[])
    assert send(service, candidate_files()).status_code == 422


def test_an_older_paper_that_comes_late_is_passed_over(service: ServiceUnderTest) -> None:
    tell_submitted(service)
    tell_sample(service)
    service.deliver("paper.changed.v1", f"all/{PAPER}", paper("candidate"), sequence=7)
    service.deliver("paper.changed.v1", f"all/{PAPER}", paper("none"), sequence=6)
    assert send(service, candidate_files()).status_code == 201
    service.deliver("paper.changed.v1", f"all/{PAPER}", paper("none"), sequence=8)
    assert send(service, candidate_files()).status_code == 409


def test_a_further_request_keeps_uploads_open_for_its_candidate(
    service: ServiceUnderTest, moment: Clock
) -> None:
    tell_paper(service)
    tell_submitted(service)
    tell_sample(service, candidates=[*SAMPLED, LATER], dues={LATER: "2031-06-01"})
    moment.now = TOO_LATE
    assert send(service, candidate_files()).status_code == 409
    assert send(service, candidate_files(LATER)).status_code == 201


@pytest.mark.parametrize(
    ("lacks", "known", "candidate"),
    [(NO_SAMPLE, None, SAMPLED[0]), (OUTSIDE_SAMPLE, SAMPLED, LATER)],
    ids=["of the sample", "of a further request"],
)
def test_who_is_quicker_than_the_news_is_not_refused(
    service: ServiceUnderTest,
    monkeypatch: pytest.MonkeyPatch,
    lacks: str,
    known: tuple[str, ...] | None,
    candidate: str,
) -> None:
    monkeypatch.setattr(admission, "NEWS_SECONDS", {lacks: 10.0})
    tell_paper(service)
    tell_submitted(service)
    if known:
        tell_sample(service, candidates=known)
    news = threading.Timer(0.1, tell_sample, [service], {"candidates": [*SAMPLED, LATER]})
    news.start()
    assert send(service, candidate_files(candidate)).status_code == 201
    news.join()


def test_news_that_does_not_come_is_not_awaited_for_ever(
    service: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admission, "NEWS_SECONDS", {NO_SAMPLE: 0.2})
    tell_paper(service)
    tell_submitted(service)
    assert send(service, candidate_files()).status_code == 409


def test_where_many_wait_already_the_next_is_refused_at_once(
    service: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admission, "NEWS_SECONDS", {NO_SAMPLE: threading.TIMEOUT_MAX})
    monkeypatch.setattr(admission, "AWAITING", threading.BoundedSemaphore(1))
    tell_paper(service)
    tell_submitted(service)
    with admission.AWAITING:
        assert send(service, candidate_files()).status_code == 409


def test_an_undone_submission_asks_for_no_files(service: ServiceUnderTest) -> None:
    tell_paper(service)
    tell_submitted(service)
    tell_sample(service)
    assert send(service, candidate_files()).status_code == 201
    tell_reopened(service)
    assert send(service, candidate_files()).status_code == 409


def test_a_sample_told_after_its_submission_was_undone_counts_for_nothing(
    service: ServiceUnderTest,
) -> None:
    tell_paper(service)
    tell_submitted(service)
    tell_reopened(service)
    tell_sample(service)
    assert sampled(service) == []
    assert send(service, candidate_files()).status_code == 409


@pytest.mark.parametrize("used", [False, True])
def test_a_paper_that_was_removed_is_known_no_more(
    service: ServiceUnderTest, *, used: bool
) -> None:
    tell_paper(service)
    if used:
        tell_submitted(service)
    subject, removed = f"all/{PAPER}", paper(removed=True)
    service.deliver("paper.changed.v1", subject, removed, sequence=9)
    service.deliver("paper.changed.v1", subject, paper(), sequence=8)
    with service.transaction() as session:
        assert len(rows_of(session, Paper)) == used
