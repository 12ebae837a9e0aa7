"""All reports of a centre: one press, how far they are, the file."""

import io
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import SignedInPage, assert_accessible

END = "</div>"
LEAVE = "<p>You can leave this page, and come back to it.</p>"
FAILED = '<div id="far" role="status" data-state="failed"><p>They could not be made.</p></div>'
BEING_MADE = (
    '<div id="far" role="status" data-state="being_made"><progress class="making" '
    'aria-labelledby="making" max="40" value="12"></progress><p>12 of 40 papers</p></div>'
)
LOOKED_AT = "**/reports/all/*"
ZIP = "All reports, a PDF each (ZIP)"


def reports(page: Page, form: str) -> None:
    page.goto("/marks")
    page.get_by_role("link", name="View / Print Reports").click()
    page.get_by_role("button", name=form).click()


def test_all_reports_are_made_and_come_by_themselves(signed_in_page: SignedInPage) -> None:
    page = signed_in_page("admin")
    with page.expect_download() as download:
        reports(page, "All reports in one PDF")
    assert download.value.suggested_filename.startswith("candidate-details-")
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF")
    expect(page.get_by_role("status").filter(has_text="The file is ready")).to_be_visible()
    assert_accessible(page)
    page.reload()
    with page.expect_download() as again:
        page.get_by_role("link", name="Download it").click()
    assert again.value.url == download.value.url


def with_instead(drawn: str, part: str, instead: str) -> str:
    """The page with another `part`, none of which has one of its kind in it."""
    start, rest = drawn.split(f'<div id="{part}"', 1)
    return f"{start}{instead}{rest[rest.index(END) + len(END) :]}"


def held(route: Route) -> None:
    """What is looked at while they are made, as the page draws it; here for as long as it needs."""
    answer = route.fetch()
    drawn = with_instead(answer.text(), "far", BEING_MADE)
    drawn = with_instead(drawn, "then", f'<div id="then">{LEAVE}</div>')
    route.fulfill(response=answer, body=drawn)


def failed(route: Route) -> None:
    """Said of what is ready in truth, so that what can be done then is as the page draws it."""
    answer = route.fetch()
    drawn = answer.text()
    is_over = 'data-state="ready"' in drawn
    route.fulfill(response=answer, body=with_instead(drawn, "far", FAILED) if is_over else drawn)


def gone(route: Route) -> None:
    route.continue_(url=route.request.url.rpartition("/")[0] + "/gone")


@pytest.fixture
def being_made(signed_in_page: SignedInPage) -> Page:
    """Before a page that says so until it is told otherwise."""
    page = signed_in_page("admin")
    page.route(LOOKED_AT, held)
    reports(page, ZIP)
    expect(page.get_by_role("status").filter(has_text="12 of 40 papers")).to_be_visible()
    return page


def test_how_far_they_are_is_shown(being_made: Page) -> None:
    page = being_made
    expect(page.get_by_role("progressbar", name=ZIP)).to_be_visible()
    expect(page.get_by_role("button", name=ZIP)).to_have_count(0)
    assert_accessible(page)
    with page.expect_download():
        page.unroute_all(behavior="wait")
    expect(page.get_by_text("You can leave this page")).to_have_count(0)
    expect(page.get_by_role("button", name=ZIP)).to_be_visible()


@pytest.mark.long
def test_what_failed_is_asked_for_again(being_made: Page) -> None:
    page = being_made
    page.route(LOOKED_AT, failed)
    expect(page.get_by_role("status").filter(has_text="They could not be made.")).to_be_visible()
    page.unroute_all(behavior="wait")
    with page.expect_download():
        page.get_by_role("button", name=ZIP).click()


def test_what_is_kept_no_longer_leads_to_the_list(being_made: Page) -> None:
    being_made.route(LOOKED_AT, gone)
    expect(being_made.get_by_text("That file is kept no longer.")).to_be_visible()


def test_after_the_session_one_signs_in(being_made: Page) -> None:
    being_made.unroute_all(behavior="wait")
    being_made.context.clear_cookies()
    expect(being_made.locator("input[type=password]")).to_be_visible()


@pytest.mark.long
def test_without_script_the_browser_looks_again(signed_in_page: SignedInPage) -> None:
    page = signed_in_page("admin", java_script_enabled=False)
    with page.expect_download() as download:
        reports(page, ZIP)
    packed = zipfile.ZipFile(io.BytesIO(Path(download.value.path()).read_bytes()))
    assert packed.testzip() is None
    assert len(packed.namelist()) > 1
