"""Pages about people, on a narrow screen and without script: users from a file, one's address."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NARROW, SignedInPage
from tests.browser.papers import Clients
from tests.browser.test_board_pages import check

Accessible = Callable[[Page], None]


@pytest.mark.parametrize("script", [True, False])
def test_users_are_taken_home_changed_and_brought_back(
    signed_in_page: SignedInPage, accessible: Accessible, tmp_path: Path, *, script: bool
) -> None:
    page = signed_in_page("admin", viewport=NARROW, java_script_enabled=script)

    def look() -> None:
        if script:
            check(page, accessible)

    page.goto("/services")
    page.locator(".account-menu > summary").click()
    page.get_by_role("link", name="Manage Users").click()
    look()
    page.get_by_role("link", name="Users from a file").click()
    look()
    with page.expect_download() as taken:
        page.get_by_role("link", name="Download as CSV").click()
    file = tmp_path / "users.csv"
    new = f"Non,Ŵyn,non.{script}@bryn.example,cy,user,no,active,,,10A".lower()
    file.write_bytes(taken.value.path().read_bytes() + f"{new}\r\n".encode())
    page.get_by_label("File of users (CSV)").set_input_files(file)
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_text("Not in this centre")).to_have_count(1)
    look()
    page.get_by_role("button", name="Make these changes").click()
    expect(page.get_by_role("status").first).to_contain_text("Done: 1 invited, 0 changed")
    look()


def test_a_moderator_finds_their_postal_address(
    signed_in_page: SignedInPage, accessible: Accessible
) -> None:
    page = signed_in_page("appointee", viewport=NARROW)
    page.goto("/account")
    page.get_by_role("link", name="Postal address").click()
    check(page, accessible)
    address = page.get_by_label("Postal address")
    address.fill(address.input_value() + "\nCymru")
    page.get_by_role("button", name="Save the address").click()
    expect(page.get_by_text("Your postal address has been changed.")).to_be_visible()


@pytest.mark.parametrize("script", [True, False])
def test_a_moderator_has_other_own_centres_and_none_that_they_moderate(
    signed_in_page: SignedInPage, clients: Clients, accessible: Accessible, *, script: bool
) -> None:
    new = {
        "first_name": "Non",
        "last_name": f"Rhys {script}",
        "email": f"non.{script}@rhys.example",
    }
    wanted = new | {"kind": "appointee", "language": "cy", "works_at": ["68101"]}
    clients["board"].call("POST", "/api/identity/accounts", wanted).expect(201)
    page = signed_in_page("board", viewport=NARROW, java_script_enabled=script)
    own = page.get_by_label("Own centres")
    address = page.get_by_label("Postal address")

    def save(name: str, typed: str) -> None:
        page.goto("/board/accounts/appointee")
        page.get_by_role("link", name=f"Change: {name}").click()
        address.fill(f"{typed}\nCymru")
        own.fill(typed)
        page.get_by_role("button", name="Save", exact=True).click()

    save("Gwilym Hopkins", "68101")
    expect(page.get_by_role("alert")).to_contain_text("This person is allocated to 68101 ")
    expect(own).to_have_value("68101")
    expect(address).to_have_value("68101\nCymru")
    if script:
        check(page, accessible)
    save(f"Non Rhys {script}", "68303, 68202")
    expect(page.get_by_role("row").filter(has_text=new["email"])).to_contain_text("68202, 68303")


def test_staff_find_no_switch_for_themselves_but_their_account(
    signed_in_page: SignedInPage, accessible: Accessible
) -> None:
    page = signed_in_page("board", viewport=NARROW)
    page.goto("/board/accounts/board")
    page.get_by_role("link", name="Change: Ruth Adeyemi").click()
    expect(page.get_by_text("another member of staff can deactivate it")).to_be_visible()
    check(page, accessible)
    page.get_by_role("main").get_by_role("link", name="Your account").click()
    expect(page.locator("main h1")).to_have_text("Your account")
