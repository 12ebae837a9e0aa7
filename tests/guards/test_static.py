"""Styles: what a page names is there, and an animation has one place."""

import re
from collections import defaultdict
from pathlib import Path

from services.gateway.assets import BOOTSTRAP_FILES
from tests.guards.tree import ROOT, at, files, plant

STATIC = "services/gateway/static"
# Pages of other services cannot know the version of a file, and name it without (`assets.py`).
NAMED = re.compile(r'"/static/([^"]+)"')
KEYFRAMES = re.compile(r"@keyframes ([\w-]+)")


def lost_files(root: Path) -> list[str]:
    return [
        at(root, path, number, f"/static/{name} is not there")
        for path in files(root, ("services",), ".html")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        for name in NAMED.findall(line)
        if name not in BOOTSTRAP_FILES and not (root / STATIC / name).is_file()
    ]


def repeated_keyframes(root: Path) -> list[str]:
    places: dict[str, list[str]] = defaultdict(list)
    for path in files(root, (STATIC,), ".css"):
        for name in KEYFRAMES.findall(path.read_text(encoding="utf-8")):
            places[name].append(path.name)
    return [f"@keyframes {name}: {where}" for name, where in places.items() if len(where) > 1]


def test_every_file_that_a_page_names_is_there() -> None:
    assert lost_files(ROOT) == []


def test_every_animation_has_one_place() -> None:
    assert repeated_keyframes(ROOT) == []


def test_a_file_that_is_not_there_is_found(tmp_path: Path) -> None:
    links = '<link href="/static/bootstrap.min.css">\n<link href="/static/a.css">\n'
    root = plant(tmp_path, "services/reports/templates/a.html", links)
    assert lost_files(root) == ["services/reports/templates/a.html:2: /static/a.css is not there"]
    plant(root, f"{STATIC}/a.css", "")
    assert lost_files(root) == []


def test_an_animation_that_stands_twice_is_found(tmp_path: Path) -> None:
    for name in ("a", "b"):
        plant(tmp_path, f"{STATIC}/{name}.css", "@keyframes more { to { left: 0 } }\n")
    assert repeated_keyframes(tmp_path) == ["@keyframes more: ['a.css', 'b.css']"]
