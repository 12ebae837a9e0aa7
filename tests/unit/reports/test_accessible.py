"""Every kind of PDF in both languages, by a checker of PDF/UA that is not ours."""

import io
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from pypdf import PdfReader, PdfWriter

from services.reports.domain.marks import Mark
from services.reports.domain.moderator_report import ModeratorReport, Sections
from services.reports.domain.report import Paper, Report, Row, Series, Task
from services.reports.render import bundle, cover_sheets, moderator_report
from services.reports.render.pdf import TEMPLATES, details_as_pdf
from shared.i18n import LANGUAGES, in_language
from tests.unit.reports.pdf import fonts_of, language_of, text_of, ua_faults

AT = datetime(2031, 5, 1, 12, tzinfo=UTC)
LONG = "LLANFAIRPWLLGWYNGYLLGOGERYCHWYRNDROBWLLLLANTYSILIOGOGOGOCH"
PAPER = Paper(
    id="p",
    code="9791/01",
    title="ENGINEERING",
    unit="CONTROL ASSESSMENT",
    full_title="VOCATIONAL LEVEL 1/2 JUNE 2031 ENGINEERING CONTROL ASSESSMENT (9791/01)",
    qualification="VOCATIONAL LEVEL 1/2",
    series=Series("JUNE", 2031),
    tasks=(Task("Task 1", 40), Task("Task 2", 40)),
    outcomes=None,
    initials_required=True,
)
PLAIN = Mark(tasks=(15, 20), mark=35, original_mark=35, initials="AB")
ROWS = (
    Row("0001", f"{LONG} : Siân", date(2015, 3, 29), PLAIN, "Yes", moderated=34),
    Row("0002", "ŴYN : Siân", None, replace(PLAIN, mark=30, amended=True), "Added"),
    Row("0003", "", date(2015, 3, 29), Mark(code="A"), "No"),
)
REPORT = Report(PAPER, "68101", AT, ROWS, AT)
BY_OUTCOME = replace(
    REPORT,
    paper=replace(PAPER, tasks=None, outcomes=("Merit", "Pass")),
    rows=(replace(ROWS[1], mark=Mark(outcome="Merit", initials="AB")),),
)
SECTIONS = Sections(f"Well chosen.\n\nhttps://{'example.' * 20}org", "In order.", "On time.")
MODERATORS = ModeratorReport(PAPER, "68101", SECTIONS, "adjusted", 1, AT, AT)

# By the template, and what it is about.
KINDS: Mapping[str, Callable[[], bytes]] = {
    "candidate_details": lambda: details_as_pdf(REPORT),
    "candidate_details of outcomes": lambda: details_as_pdf(BY_OUTCOME),
    "candidate_details of nobody": lambda: details_as_pdf(replace(REPORT, rows=())),
    "bundle": lambda: bundle.as_pdf("68101", [REPORT, BY_OUTCOME]),
    "bundle of nothing": lambda: bundle.as_pdf("68101", []),
    "cover_sheets": lambda: cover_sheets.as_pdf(replace(REPORT, rows=ROWS[:2]), "Ysgol Afon"),
    "cover_sheets of outcomes": lambda: cover_sheets.as_pdf(BY_OUTCOME, ""),
    "moderator_report": lambda: moderator_report.as_pdf(MODERATORS),
}


def test_no_kind_is_left_out() -> None:
    documents = {one.stem for one in TEMPLATES.glob("*.typ") if "sys.inputs" in one.read_text()}
    assert documents == {kind.split()[0] for kind in KINDS}


@pytest.mark.usefixtures("translated")
@pytest.mark.parametrize("spoken", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_it_is_accessible(kind: str, spoken: str) -> None:
    with in_language(spoken):
        document = KINDS[kind]()
    assert ua_faults(document) == []
    assert language_of(document) == spoken
    assert all({"/FontFile", "/FontFile2", "/FontFile3"} & set(font) for font in fonts_of(document))


def test_what_is_not_accessible_is_found() -> None:
    writer, broken = PdfWriter(io.BytesIO(KINDS["bundle"]())), io.BytesIO()
    del writer.root_object["/Lang"]
    del writer.root_object["/StructTreeRoot"]
    writer.write(broken)
    assert len(ua_faults(broken.getvalue())) > 1


def test_a_long_report_has_bookmarks() -> None:
    for kind, names in (("candidate_details", 1), ("bundle", 2), ("cover_sheets", 2)):
        outline = PdfReader(io.BytesIO(KINDS[kind]())).outline
        assert sum(not isinstance(one, list) for one in outline) == names


def test_a_word_wider_than_its_column_is_broken_and_not_printed_over_the_next() -> None:
    (page,) = text_of(KINDS["candidate_details"]())
    first = page[page.index("0001") : page.index("0002")]
    assert LONG not in first.splitlines()[0]
    letters = first.replace("\u200b", "").replace("\r\n", "")
    assert LONG in letters
