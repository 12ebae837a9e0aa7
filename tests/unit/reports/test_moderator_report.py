"""The moderator's report: who writes it, who reads it and from when, and in what formats."""

from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from shared import clock
from shared.access.principal import Principal
from shared.audit import AuditRow
from tests.support.service import (
    BOARD,
    MODERATOR,
    ServiceUnderTest,
    admin_of,
    principal,
    teacher_of,
)
from tests.unit.reports.builders import CENTRE, DETAILS, PAPER, enter, entry, mark, submit
from tests.unit.reports.pdf import language_of, tags_of, text_of, ua_faults

REPORT = DETAILS.replace("candidate-details", "moderator-report")
SECTIONS = {"tasks": "Well chosen.", "accuracy": "Ŵ: in order.", "administration": "On time."}
WRITTEN = {"sections": SECTIONS, "outcome": "accepted"}
PAST, FUTURE = timedelta(seconds=-1), timedelta(days=1)
ELSEWHERE = principal("appointee", user_id="appointee-2")


def submitted(service: ServiceUnderTest, results: timedelta = FUTURE) -> None:
    enter(service, entry("0001"), results_day=(clock.now() + results).isoformat())
    submit(service, mark("0001", 1, 1))
    service.allocate(CENTRE, PAPER)


def write(service: ServiceUnderTest, who: Principal = MODERATOR, **changes: Any) -> TestResponse:
    return service.call("PUT", REPORT, who, json=WRITTEN | changes)


def read(
    service: ServiceUnderTest, who: Principal | None = MODERATOR, form: str = "json"
) -> TestResponse:
    return service.call("GET", f"{REPORT}?format={form}", who)


def test_the_first_is_created_and_the_next_replace_it(service: ServiceUnderTest) -> None:
    submitted(service)
    assert read(service).status_code == 404
    assert write(service).status_code == 201
    again = write(service, outcome="adjusted")
    assert again.status_code == 200
    said = read(service).json or {}
    assert said == again.json
    assert (said["sections"], said["outcome"], said["version"]) == (SECTIONS, "adjusted", 2)
    assert said["released"] is False


@pytest.mark.parametrize("who", [admin_of(CENTRE), teacher_of(CENTRE)])
@pytest.mark.parametrize(("results", "expected"), [(FUTURE, 404), (PAST, 200)])
@pytest.mark.parametrize("form", ["json", "html", "pdf"])
def test_the_centre_reads_it_from_results_day_on(
    service: ServiceUnderTest, who: Principal, results: timedelta, expected: int, form: str
) -> None:
    submitted(service, results)
    assert read(service, who, form).status_code == 404
    write(service)
    assert read(service, who, form).status_code == expected


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        (None, 401),
        (MODERATOR, 200),
        (ELSEWHERE, 404),
        (BOARD, 200),
        (admin_of("68102"), 404),
        (teacher_of(CENTRE, iamis=False), 403),
    ],
)
def test_who_may_read_it(service: ServiceUnderTest, who: Principal | None, expected: int) -> None:
    submitted(service, PAST)
    write(service)
    assert read(service, who).status_code == expected


@pytest.mark.parametrize(
    ("who", "expected"), [(admin_of(CENTRE), 403), (BOARD, 403), (ELSEWHERE, 404)]
)
def test_only_its_moderator_writes_it(
    service: ServiceUnderTest, who: Principal, expected: int
) -> None:
    submitted(service, PAST)
    assert write(service, who).status_code == expected
    assert read(service).status_code == 404


def test_nothing_is_written_before_the_submission(service: ServiceUnderTest) -> None:
    enter(service, entry("0001"))
    service.allocate(CENTRE, PAPER)
    assert write(service).status_code == 404


def test_two_writers_get_a_conflict(service: ServiceUnderTest) -> None:
    submitted(service)
    write(service)
    assert write(service, version=1, outcome="adjusted").status_code == 200
    refused = write(service, version=1)
    assert refused.status_code == 409
    assert (refused.json or {})["current"]["outcome"] == "adjusted"
    assert (read(service).json or {})["version"] == 2


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"sections": SECTIONS | {"tasks": " \n"}}, "/sections/tasks"),
        ({"sections": SECTIONS | {"accuracy": "a\x00b"}}, "/sections/accuracy"),
        ({"sections": SECTIONS | {"administration": "x" * 20_001}}, "/sections/administration"),
        ({"sections": {"tasks": "t", "accuracy": "a"}}, "/sections/administration"),
        ({"outcome": "perfect"}, "/outcome"),
        ({"version": 0}, "/version"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_kept(
    service: ServiceUnderTest, changes: dict[str, Any], pointer: str
) -> None:
    submitted(service)
    answer = write(service, **changes)
    assert answer.status_code == 422
    assert [error["pointer"] for error in (answer.json or {})["errors"]] == [pointer]
    assert read(service).status_code == 404


def test_every_writing_is_audited(service: ServiceUnderTest) -> None:
    submitted(service)
    write(service)
    write(service, outcome="adjusted")
    with service.database.reading() as session:
        rows = session.scalars(
            select(AuditRow).where(AuditRow.action == "moderator_report.written")
        ).all()
        outcomes = [(row.before.get("outcome"), row.after["outcome"], row.by_id) for row in rows]
    assert sorted(outcomes, key=str) == sorted(
        [(None, "accepted", MODERATOR.user_id), ("accepted", "adjusted", MODERATOR.user_id)],
        key=str,
    )


def test_the_page_and_the_pdf_say_all_of_it(service: ServiceUnderTest) -> None:
    submitted(service)
    lines = SECTIONS | {"tasks": "First <b>\n#strong[second]"}
    write(service, sections=lines, outcome="adjusted")
    page = read(service, form="html")
    assert "First &lt;b&gt;\n#strong[second]" in page.text
    document = read(service, form="pdf")
    named = 'attachment; filename="moderator-report-68101-3700u1-june-2031.pdf"'
    assert document.headers["Content-Disposition"] == named
    (printed,) = text_of(document.data)
    for said in (page.text, printed):
        assert "Ŵ: in order." in said
        assert "The marks were adjusted." in said
    assert "#strong[second]" in printed
    assert not ua_faults(document.data)


# The parts of the report in the order they are read, as the guide's words and in Welsh.
HEADINGS = {
    "en": (
        "Appropriateness of the tasks",
        "Accuracy of the assessment",
        "The centre's administration",
        "Outcome",
        "The marks were accepted.",
    ),
    "cy": (
        "Addasrwydd y tasgau",
        "Cywirdeb yr asesu",
        "Gweinyddiaeth y ganolfan",
        "Deilliant",
        "Derbyniwyd y marciau.",
    ),
}


@pytest.mark.usefixtures("translated")
@pytest.mark.parametrize("language", HEADINGS)
def test_page_and_pdf_are_read_in_either_language(service: ServiceUnderTest, language: str) -> None:
    submitted(service)
    write(service)
    page = service.call("GET", f"{REPORT}?format=html&lang={language}", MODERATOR).text
    document = service.call("GET", f"{REPORT}?format=pdf&lang={language}", MODERATOR).data
    (printed,) = text_of(document)
    for read in (unescape(page), printed):
        places = [read.find(heading) for heading in HEADINGS[language]]
        assert -1 not in places, read
        assert places == sorted(places)
    assert f'<html lang="{language}">' in page
    assert language_of(document) == language
    assert tags_of(document).count("/H1") == len(HEADINGS[language]) - 1
