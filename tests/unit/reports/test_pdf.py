"""The candidate details report as a PDF, read back: what it says, and how it is tagged."""

import pytest
from werkzeug.test import TestResponse

from tests.support.service import ServiceUnderTest, admin_of
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
from tests.unit.reports.pdf import fonts_of, language_of, tags_of, text_of, ua_faults


def wanted(service: ServiceUnderTest, language: str = "en") -> TestResponse:
    answer = service.call("GET", f"{DETAILS}?format=pdf&lang={language}", admin_of(CENTRE))
    assert (answer.status_code, answer.content_type) == (200, "application/pdf")
    return answer


@pytest.fixture
def amended(service: ServiceUnderTest) -> ServiceUnderTest:
    enter(service, entry("0001", surname="O'NEILL-ŴYN"), entry("0002", surname="#strong[X]"))
    submit(service, mark("0001", 10, 20), mark("0002", code="A", initials=""))
    service.deliver("clerical_error.recorded.v1", SHEET, clerical_error("0001", 35, [15, 20]))
    service.deliver("sample.generated.v1", SHEET, sample(("0001", "system")))
    return service


def test_it_says_what_the_page_says(amended: ServiceUnderTest) -> None:
    answer = wanted(amended)
    named = 'attachment; filename="candidate-details-68101-3700u1-june-2031.pdf"'
    assert answer.headers["Content-Disposition"] == named
    (page,) = text_of(answer.data)
    for part in (
        "CANDIDATE DETAILS REPORT",
        "GCSE JUNE 2031 ENGLISH LANGUAGE UNIT 1 ORACY (3700U1)",
        "CENTRE: 68101",
        "Submitted on 01/05/2031",
        "Mark (Max: 80)",
        "O'NEILL-ŴYN : Siân",
        "31/12/2015",
        "35 (amended)",
        "68101 · 3700U1 · JUNE 2031",
        "Page 1 / 1",
    ):
        assert part in page, part


def test_a_name_is_never_markup(amended: ServiceUnderTest) -> None:
    assert "#strong[X] : Siân" in text_of(wanted(amended).data)[0]


@pytest.mark.usefixtures("translated")
def test_it_is_welsh_for_whoever_reads_welsh(amended: ServiceUnderTest) -> None:
    document = wanted(amended, "cy").data
    assert language_of(document) == "cy"
    assert "ADRODDIAD MANYLION YMGEISWYR" in text_of(document)[0]


def test_it_is_tagged_for_those_who_hear_it(amended: ServiceUnderTest) -> None:
    document = wanted(amended).data
    assert not ua_faults(document)
    tags = tags_of(document)
    assert tags.count("/TR") == 1 + 2
    assert tags.count("/TH") == 7
    assert "/Title" in tags or "/H1" in tags


def test_its_fonts_are_in_it(amended: ServiceUnderTest) -> None:
    fonts = fonts_of(wanted(amended).data)
    assert fonts
    assert all({"/FontFile", "/FontFile2", "/FontFile3"} & set(font) for font in fonts)


def test_outcomes_stand_in_place_of_marks(service: ServiceUnderTest) -> None:
    enter(service, entry("0001"), **OUTCOMES)
    submit(service, mark("0001", outcome="Merit"))
    (page,) = text_of(wanted(service).data)
    assert "Merit" in page


def test_two_thousand_candidates_are_all_there(service: ServiceUnderTest) -> None:
    enter(service, *(entry(f"{number:04}") for number in range(2000)))
    pages = text_of(wanted(service).data)
    assert all("Cand No." in page for page in pages), "the head is repeated"
    assert f"Page {len(pages)} / {len(pages)}" in pages[-1]
    whole = "\n".join(pages)
    assert all(f"SURNAME{number:04} : Siân" in whole for number in range(2000))
