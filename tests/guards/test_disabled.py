"""Whoever cannot use a control is told why, beside it."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.guards.page import html_of
from tests.guards.tree import ROOT, SOURCES, at, files, plant

# Scripts that disable controls, and the ids of these.
BY_SCRIPT = {
    "services/gateway/static/marksheet/pasting.js": ("paste-apply",),
    "services/gateway/static/marksheet/undoing.js": ("undo", "redo"),
    # Any list of the sheet, which it describes itself.
    "services/gateway/static/marksheet/view.js": (),
}
DISABLES = re.compile(r"\.disabled\s*=(?!=)|setAttribute\([\"']disabled")


class Controls(HTMLParser):
    """The elements of a template with an attribute of interest."""

    def __init__(self, template: str) -> None:
        super().__init__()
        self.unexplained: list[int] = []
        self.explained_ids: set[str] = set()
        self.feed(html_of(template))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        explained = "aria-describedby" in given
        if explained and given.get("id"):
            self.explained_ids.add(given["id"] or "")
        if "disabled" in given and not explained:
            self.unexplained.append(self.getpos()[0])


def templates(root: Path) -> Iterator[tuple[Path, Controls]]:
    for path in files(root, SOURCES, ".html"):
        yield path, Controls(path.read_text(encoding="utf-8"))


def unexplained(root: Path) -> list[str]:
    """Disabled controls whose page does not say why."""
    return [
        at(root, path, line, "disabled without aria-describedby")
        for path, controls in templates(root)
        for line in controls.unexplained
    ]


def disabling_scripts(root: Path) -> set[str]:
    return {
        path.relative_to(root).as_posix()
        for path in files(root, SOURCES, ".js")
        if DISABLES.search(path.read_text(encoding="utf-8"))
    }


def test_every_disabled_control_is_explained() -> None:
    assert unexplained(ROOT) == []


def test_what_scripts_disable_is_explained() -> None:
    assert disabling_scripts(ROOT) == set(BY_SCRIPT)
    explained = {name for _path, controls in templates(ROOT) for name in controls.explained_ids}
    assert {name for names in BY_SCRIPT.values() for name in names} <= explained


@pytest.mark.parametrize(
    "text", ["<button disabled>", "<input {% if a %}disabled{% endif %}>", '<select disabled="">']
)
def test_an_unexplained_one_is_refused(tmp_path: Path, text: str) -> None:
    root = plant(tmp_path, "services/gateway/templates/a.html", f"<p></p>\n{text}\n")
    assert unexplained(root) == [
        "services/gateway/templates/a.html:2: disabled without aria-describedby"
    ]
    plant(tmp_path, "services/gateway/static/a.js", "button.disabled = true; a.disabled === b;")
    assert disabling_scripts(root) == {"services/gateway/static/a.js"}


def test_an_explained_one_is_allowed(tmp_path: Path) -> None:
    text = '<button disabled aria-describedby="why" id="a"></button><p id="why"></p>'
    assert unexplained(plant(tmp_path, "services/gateway/templates/a.html", text)) == []
