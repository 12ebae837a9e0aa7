"""From the admin's click to the new teacher's first saved mark, in Welsh, by what was mailed."""

import re
from collections.abc import Callable, Iterator

import pyotp
import pytest
from playwright.sync_api import Page, expect

from shared.i18n import gettext, in_language
from tests.browser.cells import state, type_at
from tests.browser.conftest import Console, NewPage, SignedInPage, sign_in
from tests.browser.papers import MadePaper
from tests.support.mailbox import Received, delivered
from tests.support.stack import Stack
from tests.support.waiting import wait_for

NewPaper = Callable[..., MadePaper]
Accessible = Callable[[Page], None]
EMAIL = "sian.wyn-jones@bryn.example"
PASSWORD = "a-quiet-green-valley"
MAIL_SECONDS = 30


def welsh(message: str, **values: object) -> str:
    with in_language("cy"):
        translated = gettext(message, **values)
    assert translated != message, f"{message!r} has no Welsh: is the catalogue compiled?"
    return translated


def press(page: Page, label: str) -> None:
    page.get_by_role("button", name=welsh(label), exact=True).click()


def follow(page: Page, label: str) -> None:
    page.get_by_role("link", name=welsh(label), exact=True).click()


def mailed(stack: Stack, subject: str) -> Received:
    """The newest mail to the new teacher with this subject, once it is there."""

    def found() -> list[Received]:
        mails = delivered(stack.path / "mail")
        return [mail for mail in mails if EMAIL in mail.to and mail.subject == welsh(subject)]

    wait_for(f"mail {subject!r}", lambda: bool(found()), MAIL_SECONDS)
    return found()[-1]


def switch_to(page: Page, name: str, language: str) -> None:
    page.goto("/services")
    page.get_by_role("button", name=name).click()
    expect(page.locator("html")).to_have_attribute("lang", language)


@pytest.fixture
def admin_in_welsh(signed_in_page: SignedInPage) -> Iterator[Page]:
    """The language is the account's, which others use."""
    page = signed_in_page("admin")
    switch_to(page, "Cymraeg", "cy")
    yield page
    switch_to(page, "English", "en")


def comes_in(teacher: Page, paper: MadePaper) -> None:
    """From the page that said there was no access, once every service has heard that there is."""

    def is_in() -> bool:
        teacher.goto("/no-access")
        return teacher.locator("#main li.paper").count() > 0

    wait_for("access to the marks", is_in)
    expect(teacher).to_have_url(re.compile(f"/centres/{paper.centre_no}/papers$"))
    teacher.goto(paper.page)


def invite(page: Page) -> None:
    """By the menu of the admin's name and centre."""
    page.locator(".account-menu > summary").click()
    follow(page, "Manage Users")
    follow(page, "Invite User")
    page.get_by_label(welsh("First name")).fill("Siân")
    page.get_by_label(welsh("Last name")).fill("Ŵyn-Jones")
    page.locator("#email").fill(EMAIL)
    page.locator("#language").select_option("cy")
    press(page, "Send invite")


def turn_iamis_on(page: Page) -> None:
    page.locator(".account-menu > summary").click()
    follow(page, "Manage Users")
    page.get_by_role("row").filter(has_text=EMAIL).get_by_role("link").click()
    page.locator("#iamis").check()
    press(page, "Confirm access permissions")


def first_sign_in(page: Page, password: str, accessible: Accessible) -> dict[str, str]:
    """With the temporary password; returns the account as its owner now knows it."""
    page.locator("input[type=email]").fill(EMAIL)
    page.locator("input[type=password]").fill(password)
    page.keyboard.press("Enter")
    expect(page.locator("#again")).to_be_visible()
    accessible(page)
    page.locator("#new_password").fill(PASSWORD)
    page.locator("#again").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("img.qr-code")).to_be_visible()
    accessible(page)
    secret = page.locator("code.secret").inner_text().replace(" ", "")
    page.locator("input[autocomplete=one-time-code]").fill(pyotp.TOTP(secret).now())
    page.keyboard.press("Enter")
    expect(page.locator(".account-menu")).to_be_visible()
    return {"email": EMAIL, "password": PASSWORD, "totp_secret": secret}


def accept(stack: Stack, teacher: Page, accessible: Accessible) -> dict[str, str]:
    """What the new teacher does with the mail; returns their account."""
    invitation = mailed(stack, "Your invitation to IAMIS")
    link = re.search(r"https?://\S+", invitation.text)
    assert link, invitation.text
    assert invitation.language == "cy"
    teacher.goto(link[0])
    expect(teacher.locator("html")).to_have_attribute("lang", "cy")
    password = invitation.line_after(welsh("Temporary password"))
    return first_sign_in(teacher, password, accessible)


def has_no_access(teacher: Page, accessible: Accessible) -> None:
    expect(teacher.get_by_role("heading", level=1)).to_have_text(
        welsh("You have no access to internal assessment marks yet")
    )
    teacher.goto("/services")
    marks = teacher.get_by_role("link", name=welsh("Internal Assessment Marks/Outcomes"))
    expect(marks).to_have_count(0)
    accessible(teacher)


def test_a_new_teacher_gets_from_the_invitation_to_the_first_mark(
    stack: Stack,
    new_page: NewPage,
    admin_in_welsh: Page,
    new_paper: NewPaper,
    accessible: Accessible,
    console: Console,
) -> None:
    paper = new_paper(2, initials_required=False)
    admin, teacher = admin_in_welsh, new_page(locale="cy")
    invite(admin)
    account = accept(stack, teacher, accessible)
    has_no_access(teacher, accessible)

    turn_iamis_on(admin)
    mailed(stack, "You can now enter internal assessment marks")
    comes_in(teacher, paper)
    console.forget("403")
    type_at(teacher, "t0-0001", "15", "Tab")
    state(teacher, "t0-0001", "saved")
    paper.wait_for("0001", tasks=[15, None])

    again = new_page()
    sign_in(again, account)
    expect(again.locator("html")).to_have_attribute("lang", "cy")
