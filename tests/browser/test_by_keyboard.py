"""The main job by keyboard alone: from the sign-in to the corrected mark, by three people."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import NARROW, NewPage, look
from tests.browser.keyboard import Keyboard
from tests.browser.papers import SAMPLE_IS_READY, MadePaper

NewPaper = Callable[..., MadePaper]
CANDIDATES = 250
SAMPLED = 25
# The first candidate alone has full marks, and so is sampled.
MARKS = [(40, 30)] + [(number % 40, number % 30) for number in range(1, CANDIDATES)]
FIRST = "0001"
BACK = "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK} Back to the papers"
EVIDENCE: FilePayload = {"name": "gwaith.txt", "mimeType": "text/plain", "buffer": b"My work."}


@dataclass
class Journey:
    """The people of one job, and the pages they came to."""

    paper: MadePaper
    new_page: NewPage
    seen: dict[str, tuple[Page, str]] = field(default_factory=dict)

    def person(self, role: str) -> Keyboard:
        keys = Keyboard(self.new_page())
        keys.sign_in(self.paper.clients.account(role))
        return keys

    def see(self, keys: Keyboard, name: str) -> None:
        """Keep how a page looks, and where it is."""
        look(keys.page, f"keyboard-{len(self.seen):02d}-{name}")
        self.seen[name] = (keys.page, keys.page.url)

    def title(self) -> str:
        listed = self.paper.clients["admin"].get(self.paper.api("marks")).expect(200)
        return str(listed["full_title"])


@pytest.fixture
def journey(new_paper: NewPaper, new_page: NewPage) -> Journey:
    return Journey(new_paper(CANDIDATES, initials_required=True), new_page)


@pytest.mark.timeout(600)
def test_the_main_job_by_keyboard_alone(journey: Journey) -> None:
    title = journey.title()
    teacher = journey.person("user")
    journey.see(teacher, "menu")
    enter_marks(journey, teacher, title)
    submit(journey, teacher, title)
    upload_evidence(journey, teacher)
    teacher.follow("Report")
    reads(teacher, "70", "Yes")
    journey.see(teacher, "report")
    teacher.follow(BACK)
    journey.paper.allocate()
    correct(journey, journey.person("appointee"), title)
    see_the_correction(journey, journey.person("admin"), title)
    fits_a_telephone_in_both_languages(journey)


def enter_marks(journey: Journey, keys: Keyboard, title: str) -> None:
    keys.follow(f"Enter marks (0 done, {CANDIDATES} left): {title}")
    keys.tab_to('combobox "Rows"')
    keys.type("All")
    keys.push("Search")
    keys.tab_to(f'textbox "Task 1 (Max: 40) {FIRST}')
    for column in zip(*MARKS, strict=True):
        for mark in column:
            keys.type(str(mark), "Tab")
    # Initials are offered from row to row; the last row is left by Enter, which stays in the table.
    keys.type("AB", *["Tab"] * (CANDIDATES - 1), "Enter")
    expect(keys.page.locator("#counts")).to_have_text(f"{CANDIDATES} of {CANDIDATES} done, 0 left")
    expect(keys.page.locator("#status")).to_have_text("Everything is saved.")
    journey.see(keys, "marksheet")
    keys.press("Escape")
    assert keys.at.startswith('button "Save and close"')
    keys.go("Enter")
    assert journey.paper.candidate(FIRST)["tasks"] == [40, 30]


def submit(journey: Journey, keys: Keyboard, title: str) -> None:
    keys.follow(f"Submit marks and generate samples ({CANDIDATES}): {title}")
    journey.see(keys, "submission")
    for declared in ("the work", "internal standardisation", "candidates have been told"):
        keys.tab_to(f'checkbox "{declared}')
        keys.press("Space")
    keys.push("Submit marks and generate sample")
    expect(keys.page.get_by_text(SAMPLE_IS_READY)).to_be_visible()
    journey.see(keys, "receipt")
    keys.follow("Sample")
    expect(keys.page.get_by_text(f"{SAMPLED} candidates are in the sample.")).to_be_visible()
    journey.see(keys, "sample")


def upload_evidence(journey: Journey, keys: Keyboard) -> None:
    keys.follow("Evidence")
    expect(keys.page.get_by_text(f"{SAMPLED} candidates still lack evidence:")).to_be_visible()
    keys.choose_file(f"Upload files : {FIRST}", EVIDENCE)
    expect(keys.page.locator(f"#c{FIRST}-files li")).to_contain_text(EVIDENCE["name"])
    expect(keys.page.get_by_text(f"{SAMPLED - 1} candidates still lack evidence:")).to_be_visible()
    journey.see(keys, "evidence")


def reads(keys: Keyboard, *told: str) -> None:
    """What the report tells of the first candidate."""
    row = keys.page.get_by_role("row").filter(has=keys.page.get_by_role("rowheader", name=FIRST))
    for text in told:
        expect(row).to_contain_text(text)


def correct(journey: Journey, keys: Keyboard, title: str) -> None:
    journey.see(keys, "allocations")
    keys.follow(f"View marks: {title}")
    keys.follow(f"Record : Clerical error {FIRST}")
    keys.tab_to('textbox "Task 2')
    keys.type("19")
    keys.tab_to('textbox "Reason"')
    keys.type("Task 2 was added up wrongly.")
    journey.see(keys, "clerical-error")
    keys.push("Record the clerical error")
    expect(keys.page.locator(f"#c{FIRST}")).to_contain_text("amended: 59")
    journey.see(keys, "moderators-marksheet")


def see_the_correction(journey: Journey, keys: Keyboard, title: str) -> None:
    journey.see(keys, "menu-corrected")
    keys.follow(f"1 clerical error recorded : {title}")
    expect(keys.page.locator(f"#c{FIRST}")).to_contain_text("amended: 59")
    journey.see(keys, "marksheet-corrected")
    keys.follow(BACK)
    keys.follow("View / Print Reports")
    keys.follow(f"View/Print for {title}")
    reads(keys, "59 (amended)", "Yes")
    journey.see(keys, "report-corrected")


def fits_a_telephone_in_both_languages(journey: Journey) -> None:
    for language in ("cy", "en"):
        for name, (page, address) in journey.seen.items():
            page.context.add_cookies(
                [{"name": "iamis_language", "value": language, "url": address}]
            )
            page.goto(address)
            page.set_viewport_size(NARROW)
            look(page, f"keyboard-narrow-{language}-{name}")
            assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"], name
