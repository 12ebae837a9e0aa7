"""Cover sheets for the work of a sample."""

import pytest

from shared.access.principal import Principal
from tests.support.service import MODERATOR, ServiceUnderTest, admin_of, teacher_of_sets
from tests.unit.reports.builders import (
    CENTRE,
    DETAILS,
    OUTCOMES,
    SHEET,
    clerical_error,
    enter,
    entry,
    mark,
    sample,
    submit,
)
from tests.unit.reports.pdf import tags_of, text_of, ua_faults

SHEETS = DETAILS.replace("candidate-details", "cover-sheets")


@pytest.fixture
def sampled(service: ServiceUnderTest) -> ServiceUnderTest:
    """Two of three are in the sample, one of them of the set 10A."""
    enter(service, *(entry(f"000{n}", teaching_set="10A" if n == 1 else "10B") for n in (1, 2, 3)))
    submit(service, *(mark(f"000{n}", 10, 20) for n in (1, 2, 3)))
    service.deliver("clerical_error.recorded.v1", SHEET, clerical_error("0002", 35, [15, 20]))
    service.deliver("sample.generated.v1", SHEET, sample(("0001", "system"), ("0002", "centre")))
    return service


def sheets(
    service: ServiceUnderTest, who: Principal | None = None, query: str = ""
) -> tuple[list[str], bytes]:
    answer = service.call("GET", SHEETS + query, who or admin_of(CENTRE))
    assert (answer.status_code, answer.content_type) == (200, "application/pdf"), answer.text
    named = 'attachment; filename="cover-sheets-68101-3700u1-june-2031.pdf"'
    assert answer.headers["Content-Disposition"] == named
    return text_of(answer.data), answer.data


def test_each_of_the_sample_has_a_page(sampled: ServiceUnderTest) -> None:
    (first, second), document = sheets(sampled, query="?centre_name=Ysgol%20Ŵyn")
    for said in (
        "COVER SHEET: CANDIDATE 0001",
        "GCSE JUNE 2031 ENGLISH LANGUAGE UNIT 1 ORACY (3700U1)",
        "68101 Ysgol Ŵyn",
        "JUNE 2031",
        "0001 SURNAME0001 : Siân",
        "Teacher Initials AB",
        "Task 1 40 10",
        "Task 2 40 20",
        "Total 80 30",
        "Moderator's mark",
        "Candidate: this is my own work",
        "Teacher: as far as I know",
        "Signature Date",
        "Page 1 / 2",
    ):
        assert said in first, said
    assert "Task 1 40 15" in second
    assert "30 35 (amended)" in second
    assert "Added" in second
    assert not ua_faults(document)
    tags = tags_of(document)
    assert (tags.count("/H1"), tags.count("/Table"), tags.count("/TH")) == (2, 2, 8)


@pytest.mark.usefixtures("translated")
def test_they_are_welsh_for_whoever_reads_welsh(sampled: ServiceUnderTest) -> None:
    (first, _second), _document = sheets(sampled, query="?lang=cy")
    assert "TAFLEN GLAWR: YMGEISYDD 0001" in first
    assert "Llofnod Dyddiad" in first


def test_who_has_some_teaching_sets_gets_their_candidates(sampled: ServiceUnderTest) -> None:
    (only,), _document = sheets(sampled, teacher_of_sets(CENTRE, "10A"))
    assert "CANDIDATE 0001" in only


def test_the_moderator_may_print_them(sampled: ServiceUnderTest) -> None:
    sampled.allocate(CENTRE, "oracy", MODERATOR)
    pages, _document = sheets(sampled, MODERATOR)
    assert len(pages) == 2


def test_outcomes_stand_in_place_of_marks(service: ServiceUnderTest) -> None:
    enter(service, entry("0001"), **OUTCOMES)
    submit(service, mark("0001", outcome="Merit"))
    service.deliver("sample.generated.v1", SHEET, sample(("0001", "system")))
    (only,), _document = sheets(service)
    assert "Moderator's outcome" in only
    assert "Merit" in only


@pytest.mark.parametrize("who", [admin_of(CENTRE), teacher_of_sets(CENTRE, "10C")])
def test_without_a_sample_there_are_none(service: ServiceUnderTest, who: Principal) -> None:
    enter(service, entry("0001"))
    submit(service, mark("0001", 1, 2))
    answer = service.call("GET", SHEETS, who)
    assert answer.status_code == 409
    assert "nobody is in the sample" in answer.text
