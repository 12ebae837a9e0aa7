"""The evidence page: whose files there are, and what is said where there are none."""

from html import unescape
from typing import Any

import pytest

from services.gateway.evidence import Parts, sections
from tests.support.gateway import (
    APPOINTEE,
    BOARD_STAFF,
    Browser,
)
from tests.support.sheet_answers import (
    MARKS,
    PAGES,
    SAMPLE,
    UPLOADS,
    SheetAnswers,
    candidate,
    file,
    files,
    of_candidate,
    paper,
    sample,
    sampled,
    sheet,
)

Field = str | bytes | tuple[str, str | bytes] | tuple[str, str | bytes, str]

HERE = f"{PAGES}/evidence"
OF_1001 = f"{UPLOADS}/candidates/1001/files"
DELETE = f"{HERE}/1001/f1/delete"


def seen(browser: Browser, path: str = HERE) -> str:
    page = browser.get(path)
    assert page.status_code == 200
    return " ".join(unescape(page.text).split())


def test_each_candidate_has_files_and_a_form(browser: Browser, two_sampled: SheetAnswers) -> None:
    two_sampled.paper(paper(evidence_pieces=["Case Study <1>"]))
    browser.sign_in()
    raw = browser.get(HERE).text
    assert "<b>" not in raw
    page = " ".join(unescape(raw).split())
    for said in (
        'id="c1001"',
        "1001 ŴYN <b> : SIÂN 1001",
        f'href="{OF_1001}/f1" download>gwaith <b>.zip</a>',
        "615 kB, 02/05/2031 10:15, Ann",
        f'href="{DELETE}"',
        f'action="{HERE}/1002"',
        f'data-upload="{UPLOADS}/candidates/1002/files"',
        "1 candidate still lacks evidence: <a",
        'href="#c1002">1002</a>',
        "<li>Case Study <1></li>",
        "until 30/06/2931",
        "zip folder",
    ):
        assert said in page
    assert page.count('class="lacks"') == 1
    assert 'id="group"' not in page


@pytest.mark.parametrize("user", [APPOINTEE, BOARD_STAFF])
@pytest.mark.usefixtures("two_sampled")
def test_who_looks_changes_nothing(browser: Browser, user: object) -> None:
    page = seen(browser.sign_in(user))
    assert f'href="{OF_1001}/f1"' in page
    assert "The centre can upload and delete files until 30/06/2931." in page
    for change in ("type=file", 'type="file"', "/delete", "page.js", "data-upload"):
        assert change not in page


def test_a_group_paper_has_a_section_for_the_group(browser: Browser, answers: SheetAnswers) -> None:
    answers.paper(paper(upload="group"))
    answers.sample(sample(sampled("1001")))
    answers.sheet(sheet(candidate("1001")))
    answers.files(files(group_lacks=True, c1001=[file("f1")]))
    page = seen(browser.sign_in())
    assert f'data-upload="{UPLOADS}/group-files"' in page
    assert 'name="candidates" value="1001"' in page
    assert 'href="#group">The group still lacks evidence</a>' in page
    assert page.count('class="lacks"') == 1


def test_who_is_for_some_sets_only_has_no_section_for_the_group(
    browser: Browser, answers: SheetAnswers
) -> None:
    answers.paper(paper(upload="group", only_some_sets=True))
    answers.sample(sample(sampled("1001")))
    answers.sheet(sheet(candidate("1001")))
    answers.files(files(c1001=[]))
    assert "group-files" not in seen(browser.sign_in())


@pytest.mark.parametrize(
    ("of_paper", "of_sample", "said"),
    [
        ({"upload": "none", "work_to": "Surpass"}, None, "Where the work goes: Surpass."),
        ({"submitted": 0}, None, "Nothing is to be uploaded yet"),
        ({}, sample(state="none"), "The sample is being generated."),
        ({}, sample(sampled("1001")), "The sample is ready: 1 candidate."),
        ({}, sample(), "Nobody is in the sample"),
        ({"upload": "group"}, sample(), "Files of the whole group"),
    ],
)
def test_where_there_are_no_files_the_page_says_why(
    browser: Browser,
    answers: SheetAnswers,
    of_paper: dict[str, Any],
    of_sample: dict[str, Any] | None,
    said: str,
) -> None:
    answers.paper(paper(**of_paper))
    answers.files(files())
    answers.sheet(sheet())
    if of_sample:
        answers.sample(of_sample)
    assert said in seen(browser.sign_in())


@pytest.mark.parametrize(
    ("down", "shown", "hidden"),
    [
        ([f"{UPLOADS}/files"], "Evidence: not available now.", "1001"),
        ([MARKS, f"{MARKS}/marksheet"], "Names and dates: not available now.", "SIÂN"),
        ([SAMPLE], "gwaith <b>.zip", ": not available"),
    ],
)
def test_without_one_service_the_rest_of_the_page_stays(
    browser: Browser, two_sampled: SheetAnswers, down: list[str], shown: str, hidden: str
) -> None:
    two_sampled.down(*down)
    page = seen(browser.sign_in())
    assert shown in page
    assert hidden not in page


@pytest.mark.parametrize(
    ("today", "dues", "is_open"),
    [
        ("2031-06-30", {}, {"group": True, "1001": True, "1002": True}),
        ("2031-07-01", {}, {"group": False, "1001": False, "1002": False}),
        ("2031-07-01", {"1002": "2031-07-01"}, {"group": True, "1001": False, "1002": True}),
        ("2031-07-02", {"1002": "2031-07-01"}, {"group": False, "1001": False, "1002": False}),
        ("2031-06-30", {"1002": "2031-06-01"}, {"group": True, "1001": True, "1002": True}),
    ],
)
def test_files_are_taken_to_the_end_of_their_day(
    today: str, dues: dict[str, str], is_open: dict[str, bool]
) -> None:
    asked = sample(*(sampled(number, due=due) for number, due in dues.items()))
    of_paper = paper(upload="group", evidence_until="2031-06-30")
    parts = Parts(of_paper, asked, None, files(c1001=[], c1002=[]))
    assert {one.place: one.is_open for one in sections(parts, today)} == is_open
    assert {one.place for one in sections(parts, today) if one.further} == set(dues)


def test_a_closed_section_has_no_form(browser: Browser, two_sampled: SheetAnswers) -> None:
    two_sampled.paper(paper(evidence_until="2021-06-30"))
    page = seen(browser.sign_in())
    assert "files could be uploaded and deleted until 30/06/2021" in page
    assert 'type="file"' not in page
    assert "/delete" not in page


def test_what_is_checked_or_rejected_is_no_link(
    browser: Browser, two_sampled: SheetAnswers
) -> None:
    waiting, rejected = file("w", status="waiting"), file("r", status="rejected")
    shown = file("s", preview=True, same_as="w")
    told = files(c1001=[waiting, shown])
    told["candidates"].append(of_candidate("1002", [rejected]) | {"lacks": True})
    two_sampled.files(told)
    page = seen(browser.sign_in(APPOINTEE))
    assert "being checked for viruses" in page
    assert "Rejected: a virus was found, or it could not be checked." in page
    assert "The same file as one above." in page
    assert f'href="{OF_1001}/w"' not in page
    assert f'href="{UPLOADS}/candidates/1002/files/r"' not in page
    assert f'href="{OF_1001}/s/preview" target="_blank" rel="noopener"' in page
    assert page.count("/preview") == 1
    assert 'href="#c1002">1002</a>' in page


@pytest.mark.usefixtures("two_sampled")
def test_everything_comes_in_one_archive(browser: Browser) -> None:
    assert f'href="{UPLOADS}/files/archive" download' in seen(browser.sign_in(APPOINTEE))


def test_there_is_no_archive_of_nothing(browser: Browser, two_sampled: SheetAnswers) -> None:
    two_sampled.files(files(c1001=[file("w", status="waiting")], c1002=[]))
    assert "/archive" not in seen(browser.sign_in(APPOINTEE))


def test_the_receipt_has_what_is_stored(browser: Browser, two_sampled: SheetAnswers) -> None:
    two_sampled.files(files(c1001=[file("a", sha256="ab" * 32)], c1002=[]))
    page = seen(browser.sign_in())
    receipt = page.partition('id="evidence-receipt"')[2]
    assert "1001: gwaith <b>.zip" in receipt
    assert "615 kB (615000 bytes), 02/05/2031 10:15, Ann" in receipt
    assert f"SHA-256: {'ab' * 32}" in receipt


def test_the_pieces_are_named_with_what_is_missing(browser: Browser, answers: SheetAnswers) -> None:
    pieces = ["Case Study <1>", "Question set"]
    answers.paper(paper(evidence_pieces=pieces))
    answers.sample(sample(sampled("1001"), sampled("1002")))
    answers.sheet(sheet(candidate("1001"), candidate("1002")))
    brought = [file("f1", piece=pieces[0]), file("f2", piece=pieces[0], exemption=True)]
    told = files()
    told["candidates"] = [
        of_candidate("1001", brought, "Question set"),
        of_candidate("1002", [file("f3", exemption=True)]),
    ]
    answers.files(told)
    page = seen(browser.sign_in())
    for said in (
        '<span class="lacks">still lacks evidence: Question set</span>',
        "Ann · Case Study <1>",
        "Ann · note of exemption, instead of: Case Study <1>",
        "Ann · note of exemption, instead of all the work",
        '<option>Case Study <1></option> <option selected>Question set</option> <option value="">',
        'name="exemption"',
        'id="pieces-dialog"',
    ):
        assert said in page
    assert page.count('class="lacks"') == 1
    # Without a script one piece is said of all that is sent: then it is one file.
    assert " multiple" not in page
    answers.paper(paper())
    page = seen(browser)
    assert (" multiple" in page, "pieces-dialog" in page) == (True, False)


def test_a_file_of_the_group_says_for_whom(browser: Browser, answers: SheetAnswers) -> None:
    answers.paper(paper(upload="group"))
    answers.sample(sample(sampled("1001")))
    answers.sheet(sheet(candidate("1001")))
    answers.files(files([file("f1", candidates=["1001", "1003"])], c1001=[]))
    assert "Ann · for 1001, 1003" in seen(browser.sign_in())


@pytest.mark.parametrize(
    ("mib", "said"), [(100, 104_857_600), (None, 5 * 2**30), (9999, 5 * 2**30)]
)
@pytest.mark.usefixtures("two_sampled")
def test_the_advice_the_guide_and_the_limit_of_the_paper_are_shown(
    browser: Browser, answers: SheetAnswers, mib: int | None, said: int
) -> None:
    guide = "https://board.example/guide?a=1&b=2"
    answers.paper(paper(max_file_mib=mib, evidence_advice="MP4, <please>.", upload_guide=guide))
    page = seen(browser.sign_in())
    assert "<p>MP4, <please>.</p>" in page
    assert f'<a href="{guide}" target="_blank" rel="noopener noreferrer">Upload guide' in page
    assert f'data-largest="{said}"' in page
