"""The page of the moderator's report, and the form it is written in."""

import io
import re
from html import unescape

import pytest

from services.gateway.table import ENVELOPE, MIB
from tests.support.gateway import APPOINTEE, TEACHER, Browser, FakeServices, problem
from tests.support.sheet_answers import (
    AT,
    PAGES,
    TITLE,
    SheetAnswers,
    candidate,
    paper,
    posted,
    sheet,
)

REPORT = "/api/reports/centres/68101/papers/p1/moderator-report"
HERE = f"{PAGES}/moderator-report"
FORM = f"{HERE}/edit"
SECTIONS = {"tasks": "Good <b>", "accuracy": "Right", "administration": "Late"}
WRITTEN = {
    "sections": SECTIONS,
    "outcome": "adjusted",
    "version": 3,
    "full_title": "GCSE JUNE 2031 <i>",
    "centre_no": "68101",
    "files": [],
    "released": False,
}
FILE = {"id": "f1", "name": "cynllun <b>.pdf", "size": 615_000, "added_at": AT}
WITH_FILE = WRITTEN | {"files": [FILE]}
FILES = f"{REPORT}/files"
TYPED = SECTIONS | {"outcome": "accepted", "version": "3"}


@pytest.fixture
def moderator(browser: Browser, answers: SheetAnswers) -> Browser:
    answers.sheet(sheet(candidate("1001")))
    return browser.sign_in(APPOINTEE)


def test_the_centre_reads_the_report(browser: Browser, fake: FakeServices) -> None:
    fake.says("GET", REPORT, WRITTEN)
    page = browser.sign_in(TEACHER).get(HERE).text
    assert "<b>" not in page
    assert "<i>" not in page
    shown = unescape(page)
    for said in ("Good <b>", "Right", "Late", "The marks were adjusted.", f"{REPORT}?format=pdf"):
        assert said in shown


@pytest.mark.parametrize(
    ("reader", "back", "said"),
    [
        (APPOINTEE, "/allocations", "your allocations"),
        (TEACHER, "/centres/68101/papers", "the papers"),
    ],
)
def test_the_way_back_is_to_the_papers_of_the_reader(
    browser: Browser, fake: FakeServices, reader: dict[str, object], back: str, said: str
) -> None:
    fake.says("GET", REPORT, WRITTEN)
    page = browser.sign_in(reader).get(HERE).text
    assert re.search(f'<p class="back"><a href="{back}">. Back to {said}</a>', page)


def test_a_moderator_has_no_menu_of_a_centre(moderator: Browser) -> None:
    assert moderator.get("/centres/68101/papers").location == "/allocations"


@pytest.mark.parametrize(
    ("reader", "said"),
    [
        (TEACHER, "yet. It appears here when the moderator has written it."),
        (APPOINTEE, f'yet. <a class="alert-link" href="{HERE}/edit">Write the report</a>'),
    ],
)
def test_where_there_is_none_yet_its_reader_learns_what_comes(
    browser: Browser, fake: FakeServices, reader: dict[str, object], said: str
) -> None:
    fake.says("GET", REPORT, {"detail": "no"}, 404)
    page = unescape(browser.sign_in(reader).get(HERE).text)
    assert f"There is no moderator's report for this paper {said}" in page


def test_it_is_one_of_the_pages_of_its_paper(
    browser: Browser, fake: FakeServices, answers: SheetAnswers
) -> None:
    answers.paper(paper())
    fake.says("GET", REPORT, {"detail": "no"}, 404)
    page = unescape(browser.sign_in(TEACHER).get(HERE).text)
    assert f"<strong>{TITLE}</strong>" in page
    assert f'<a href="{PAGES}/marksheet">Marksheet</a>' in page
    tab = f'<a href="{HERE}" aria-current="page">Moderator\'s report</a>'
    assert tab not in page
    answers.paper(paper(results_released=True))
    assert tab in unescape(browser.get(HERE).text)


def test_the_form_is_empty_at_first(moderator: Browser, fake: FakeServices) -> None:
    fake.says("GET", REPORT, {"detail": "no"}, 404)
    page = moderator.get(FORM).text
    assert page.count("<textarea") == len(SECTIONS)
    assert " checked" not in page
    assert "Preview" not in page


def test_the_form_has_what_was_written(moderator: Browser, fake: FakeServices) -> None:
    fake.says("GET", REPORT, WRITTEN)
    page = moderator.get(FORM).text
    assert ">Good &lt;b&gt;</textarea>" in page
    assert 'value="adjusted" checked' in page
    assert 'name="version" value="3"' in page


def test_it_is_saved_and_stays_open(moderator: Browser, fake: FakeServices) -> None:
    fake.says("PUT", REPORT, WRITTEN)
    done = moderator.submit(FORM, **TYPED)
    assert (done.status_code, done.location) == (303, FORM)
    sent = {"sections": SECTIONS, "outcome": "accepted", "version": 3}
    assert posted(fake, REPORT, "PUT") == sent


def test_what_is_refused_stays_in_the_form(moderator: Browser, fake: FakeServices) -> None:
    errors = [{"pointer": "/sections/tasks", "detail": "Say something."}]
    fake.says("PUT", REPORT, {"detail": "x", "errors": errors}, 422)
    page = moderator.submit(FORM, **TYPED | {"tasks": " "}).text
    assert 'id="tasks-error">Say something.</p>' in page
    assert ">Right</textarea>" in page


def test_another_version_is_told_of_and_can_be_replaced(
    moderator: Browser, fake: FakeServices
) -> None:
    fake.says("PUT", REPORT, {"detail": "changed", "current": WRITTEN | {"version": 4}}, 409)
    page = moderator.submit(FORM, **TYPED).text
    assert "Somebody has saved another version" in page
    assert 'name="version" value="4"' in page
    assert 'value="accepted" checked' in page


def test_that_it_was_given_back_meanwhile_is_told_of(
    moderator: Browser, fake: FakeServices
) -> None:
    returned = {"state": "returned", "by": "Bet", "at": AT, "comment": "Name nobody."}
    current = WRITTEN | {"version": 4, "approval": returned}
    fake.says("PUT", REPORT, {"detail": "changed", "current": current}, 409)
    page = moderator.submit(FORM, **TYPED).text
    assert "The awarding body has given the report back." in page
    assert "Name nobody." in page
    assert "Somebody has saved another version" not in page
    assert 'name="version" value="4"' in page


def test_that_the_submission_was_undone_meanwhile_is_told_of(
    moderator: Browser, fake: FakeServices
) -> None:
    current = WRITTEN | {"version": 4, "approval": {"state": "undone"}}
    fake.says("PUT", REPORT, {"detail": "changed", "current": current}, 409)
    page = moderator.submit(FORM, **TYPED).text
    assert "The submission was undone since you opened this page." in page
    assert "Somebody has saved another version" not in page


def test_the_end_of_a_line_is_one_character(moderator: Browser, fake: FakeServices) -> None:
    fake.says("PUT", REPORT, WRITTEN)
    moderator.submit(FORM, **TYPED | {"tasks": "a\r\nb"})
    assert posted(fake, REPORT, "PUT")["sections"]["tasks"] == "a\nb"


def test_the_form_is_the_moderator_s(browser: Browser) -> None:
    assert browser.sign_in(TEACHER).get(FORM).status_code == 403


def test_the_files_of_the_report_are_listed(browser: Browser, fake: FakeServices) -> None:
    fake.says("GET", REPORT, WITH_FILE)
    page = browser.sign_in(TEACHER).get(HERE).text
    assert f'href="{FILES}/f1" download>cynllun &lt;b&gt;.pdf</a>' in page
    assert "615 kB" in page
    assert "Remove" not in page


def test_files_come_once_the_report_is_saved(moderator: Browser, fake: FakeServices) -> None:
    fake.says("GET", REPORT, {"detail": "no"}, 404)
    page = moderator.get(FORM).text
    assert "Save the report first; then files can be added to it." in page
    assert 'type="file"' not in page


def test_a_file_is_added(moderator: Browser, fake: FakeServices) -> None:
    fake.says("GET", REPORT, WRITTEN)
    fake.says("POST", FILES, FILE, 201)
    done = moderator.submit(f"{HERE}/files", FORM, file=(io.BytesIO(b"%PDF"), "scheme.pdf"))
    assert (done.status_code, done.location) == (303, f"{FORM}#files")
    (sent,) = [seen.body for seen in fake.asked(FILES)]
    assert b'filename="scheme.pdf"' in sent
    assert b"%PDF" in sent
    assert "The file is added to the report." in moderator.get(FORM).text


def test_a_file_that_is_refused_is_told_of_in_the_form(
    moderator: Browser, fake: FakeServices
) -> None:
    fake.says("GET", REPORT, WRITTEN)
    fake.says("POST", FILES, {"detail": "A report has at most 10 files."}, 422)
    given = (io.BytesIO(b"%PDF"), "scheme.pdf")
    page = moderator.submit(f"{HERE}/files", FORM, file=given).text
    assert 'id="file-error">A report has at most 10 files.</p>' in page
    assert ">Right</textarea>" in page
    nothing = moderator.submit(f"{HERE}/files", FORM, file=(io.BytesIO(b""), "")).text
    assert 'id="file-error">Choose a file first.</p>' in nothing


def once_of(page: str) -> str:
    (found,) = re.findall(r'name="once" value="([^"]+)"', page)
    return str(found)


def keys_sent(moderator: Browser, fake: FakeServices, *forms: tuple[str, str, bytes]) -> list[str]:
    fake.says("GET", REPORT, WRITTEN)
    fake.says("POST", FILES, FILE, 201)
    for once, name, content in forms:
        done = moderator.submit(f"{HERE}/files", FORM, once=once, file=(io.BytesIO(content), name))
        assert done.status_code == 303
        assert content in fake.asked(FILES)[-1].body
    return [seen.headers.get("Idempotency-Key", "") for seen in fake.asked(FILES)]


def test_a_second_click_adds_no_second_file(moderator: Browser, fake: FakeServices) -> None:
    fake.says("GET", REPORT, WRITTEN)
    once = once_of(moderator.get(FORM).text)
    assert once != once_of(moderator.get(FORM).text)
    first, second = keys_sent(moderator, fake, *[(once, "a.pdf", b"%PDF")] * 2)
    assert first == second
    assert first.startswith(once)


def test_another_file_from_a_page_gone_back_to_is_added_too(
    moderator: Browser, fake: FakeServices
) -> None:
    forms = [("o1", "a.pdf", b"%PDF"), ("o1", "a.pdf", b"%PDF-2"), ("o1", "b.pdf", b"%PDF")]
    assert len(set(keys_sent(moderator, fake, *forms))) == 3


def test_a_form_that_tells_no_key_adds_its_file(moderator: Browser, fake: FakeServices) -> None:
    assert keys_sent(moderator, fake, ("", "a.pdf", b"%PDF")) == [""]


def test_a_second_click_is_told_that_the_first_is_under_way(
    moderator: Browser, fake: FakeServices
) -> None:
    fake.says("GET", REPORT, WRITTEN)
    fake.answers["POST", FILES] = problem(409, "under-way")
    given = (io.BytesIO(b"%PDF"), "scheme.pdf")
    done = moderator.submit(f"{HERE}/files", FORM, once="o1", file=given)
    assert (done.status_code, done.location) == (303, f"{FORM}#files")
    assert "The file is being looked at." in moderator.get(FORM).text


def test_a_form_over_the_limit_is_refused_before_it_is_read(
    moderator: Browser, fake: FakeServices
) -> None:
    told = {"CONTENT_LENGTH": str(20 * MIB + ENVELOPE + 1)}
    answer = moderator.client.post(
        f"{HERE}/files", environ_overrides=told, content_type="multipart/form-data; boundary=x"
    )
    assert (answer.status_code, "Too large" in answer.text) == (413, True)
    assert fake.asked(FILES) == []


@pytest.mark.parametrize("status", [403, 404])
def test_who_may_not_add_a_file_gets_no_form(
    moderator: Browser, fake: FakeServices, status: int
) -> None:
    fake.says("GET", REPORT, WRITTEN)
    fake.says("POST", FILES, {"detail": "Not yours."}, status)
    given = (io.BytesIO(b"%PDF"), "scheme.pdf")
    answer = moderator.submit(f"{HERE}/files", FORM, file=given)
    assert answer.status_code == status
    assert "Save the report" not in answer.text


@pytest.mark.parametrize("status", [204, 404])
def test_a_file_is_removed(moderator: Browser, fake: FakeServices, status: int) -> None:
    fake.says("GET", REPORT, WITH_FILE)
    fake.says("DELETE", f"{FILES}/f1", {}, status)
    assert f'action="{HERE}/files/f1/removal"' in moderator.get(FORM).text
    done = moderator.submit(f"{HERE}/files/f1/removal", FORM)
    assert (done.status_code, done.location) == (303, f"{FORM}#files")
    assert len(fake.asked(f"{FILES}/f1")) == 1
