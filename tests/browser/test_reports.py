"""All reports of a centre: one press, how far they are, the file."""

import io
import zipfile
from pathlib import Path

from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import SignedInPage, assert_accessible

END = "</div>"
BEING_MADE = (
    '<div id="far" role="status" data-state="being_made"><progress class="making" '
    'aria-labelledby="making" max="40" value="12"></progress><p>12 of 40 papers</p></div>'
)
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


def test_how_far_they_are_is_shown(signed_in_page: SignedInPage) -> None:
    """What is looked at while they are made, as the page draws it; here for as long as it needs."""
    page, released = signed_in_page("admin"), list[bool]()

    def slowly(route: Route) -> None:
        answer = route.fetch()
        start, rest = answer.text().split('<div id="far"', 1)
        held = f"{start}{BEING_MADE}{rest[rest.index(END) + len(END) :]}"
        route.fulfill(response=answer, body=answer.text() if released else held)

    page.route("**/reports/all/*", slowly)
    with page.expect_download():
        reports(page, ZIP)
        expect(page.get_by_role("status").filter(has_text="12 of 40 papers")).to_be_visible()
        expect(page.get_by_role("progressbar", name=ZIP)).to_be_visible()
        assert_accessible(page)
        released.append(True)


def test_without_script_the_browser_looks_again(signed_in_page: SignedInPage) -> None:
    page = signed_in_page("admin", java_script_enabled=False)
    with page.expect_download() as download:
        reports(page, ZIP)
    packed = zipfile.ZipFile(io.BytesIO(Path(download.value.path()).read_bytes()))
    assert packed.testzip() is None
    assert len(packed.namelist()) > 1
