"""Light, dark and the device's own colours, on screens and on paper; chosen without script."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage, SignedInPage, look
from tests.browser.papers import MadePaper

NewPaper = Callable[..., MadePaper]
Accessible = Callable[[Page], None]
BACKGROUND = "() => getComputedStyle(document.body).backgroundColor"
STRIPE = "(hint) => getComputedStyle(hint).borderInlineStartColor"
COLOUR = "(link) => getComputedStyle(link).color"
FILL = "(shape) => getComputedStyle(shape).fill"
TICK = re.compile("svg")
LIGHT, DARK = "rgb(255, 255, 255)", "rgb(33, 37, 41)"


def test_the_device_decides_until_a_button_is_pressed(new_page: NewPage) -> None:
    page = new_page(color_scheme="dark", java_script_enabled=False)
    page.goto("/")
    shown = page.locator("body")
    expect(shown).to_have_css("background-color", DARK)
    page.get_by_role("button", name="light").click()
    expect(shown).to_have_css("background-color", LIGHT)
    page.emulate_media(color_scheme="light")
    page.get_by_role("button", name="dark").click()
    expect(shown).to_have_css("background-color", DARK)
    page.get_by_role("button", name="as this device").click()
    expect(shown).to_have_css("background-color", LIGHT)


def test_paper_is_light(new_page: NewPage) -> None:
    page = new_page(color_scheme="dark")
    page.goto("/contact")
    assert page.evaluate(BACKGROUND) == DARK
    page.emulate_media(media="print")
    assert page.evaluate(BACKGROUND) == LIGHT


@pytest.mark.parametrize("options", [{"color_scheme": "dark"}, {"contrast": "more"}])
def test_marks_in_every_state_are_read(
    new_paper: NewPaper,
    signed_in_page: SignedInPage,
    accessible: Accessible,
    options: dict[str, str],
) -> None:
    paper = new_paper(4)
    paper.fill([15, 20], [1])
    page = signed_in_page("user", **options)
    page.goto(paper.page)
    stripe = page.locator(".hint").evaluate(STRIPE)
    assert stripe == page.locator("main a").first.evaluate(COLOUR)
    page.locator("#t0-0002").focus()
    page.keyboard.type("41")
    page.keyboard.press("Tab")
    expect(page.locator("#e-t0-0002")).to_be_visible()
    paper.put("0003", tasks=[3, None])
    page.keyboard.type("4")
    page.keyboard.press("Tab")
    expect(page.locator("#e-t0-0003")).to_contain_text("Theirs: 3.")
    accessible(page)
    for cell in ("t0-0002", "t0-0003"):
        page.locator(f"#{cell}").focus()
        page.keyboard.press("Escape")


def test_a_stored_choice_has_its_tick_whoever_chose_the_colours(
    new_paper: NewPaper, signed_in_page: SignedInPage
) -> None:
    paper = new_paper(2, tasks=None, outcomes=["Distinction", "Pass"], sample_policy="per-outcome")
    page = signed_in_page("user")
    page.goto(paper.page)
    chosen, other = (page.locator(f"#outcome-000{number}") for number in (1, 2))
    chosen.focus()
    page.keyboard.type("p")
    page.keyboard.press("Enter")
    expect(chosen.locator("..")).to_have_attribute("data-state", "saved")
    for name, media in (
        ("light", {"color_scheme": "light"}),
        ("forced", {"color_scheme": "dark", "forced_colors": "active"}),
    ):
        page.emulate_media(**media)  # type: ignore[arg-type]
        expect(chosen).to_have_css("background-image", TICK)
        expect(other).to_have_css("background-image", "none")
        look(page, f"outcome-{name}")


def test_a_plot_is_drawn_in_the_colours_of_its_page(signed_in_page: SignedInPage) -> None:
    """Each kind of shape differs from what it stands on, whoever chose the colours."""
    page = signed_in_page("board")
    page.goto("/board/policies")
    page.get_by_label("Policy").select_option("wjec-rank-order")
    page.get_by_label("Marks").fill(" ".join(map(str, range(58, 0, -1))))
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("svg .plot-bar").first).to_be_visible()
    for name, media in (
        ("light", {"color_scheme": "light"}),
        ("dark", {"color_scheme": "dark"}),
        ("forced", {"color_scheme": "dark", "forced_colors": "active"}),
    ):
        page.emulate_media(**media)  # type: ignore[arg-type]
        shapes = [page.locator(f"svg .plot-{kind}").first for kind in ("bar", "within")]
        colours = {page.evaluate(BACKGROUND), *(shape.evaluate(FILL) for shape in shapes)}
        assert len(colours) == 3, name
        look(page, f"plot-{name}")
