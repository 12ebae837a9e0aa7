"""The guide shows the pictures that are taken for it: no other, and none that is missing."""

import ast
import re
from pathlib import Path

import pytest

from shared.i18n import LANGUAGES
from tests.guards.tree import ROOT, at, files, plant
from tests.pictures.camera import LOOKS

SCENES = "tests/pictures/scenes.py"
GUIDE = "services/gateway/templates/guide"
KEPT = "services/gateway/static/guide"
SHOWN = re.compile(r'ui\.picture\("([^"]+)"')
MENU = '{{ ui.picture("menu", _("The menu")) }}'


def taken(root: Path) -> set[str]:
    """The names that `make pictures` gives: `camera.take(page, "menu")`."""
    tree = ast.parse((root / SCENES).read_text(encoding="utf-8"))
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return {
        str(ast.literal_eval(call.args[1]))
        for call in calls
        if isinstance(call.func, ast.Attribute) and call.func.attr == "take"
    }


def shown(root: Path) -> dict[str, str]:
    """Where in the guide each picture is."""
    return {
        name: at(root, path, number, name)
        for path in files(root, (GUIDE,), ".html")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        for name in SHOWN.findall(line)
    }


def pictures_out_of_step(root: Path) -> list[str]:
    script, guide = taken(root), shown(root)
    wanted = {
        f"{name}-{language}{look.suffix}.webp"
        for name in script
        for language in LANGUAGES
        for look in LOOKS
    }
    there = {path.name for path in (root / KEPT).iterdir()}
    return [
        *(f"{guide[name]} is shown and not taken" for name in sorted(guide.keys() - script)),
        *(f"{SCENES}: {name} is taken and not shown" for name in sorted(script - guide.keys())),
        *(f"{KEPT}/{name} is missing: make pictures" for name in sorted(wanted - there)),
        *(f"{KEPT}/{name} is left over" for name in sorted(there - wanted)),
    ]


def test_every_picture_is_taken_shown_and_kept() -> None:
    assert pictures_out_of_step(ROOT) == []


@pytest.mark.parametrize(
    ("page", "left", "complaint"),
    [
        (MENU, "", ""),
        ("", "", f"{SCENES}: menu is taken and not shown"),
        (
            f'{MENU}\n{{{{ ui.picture("lost", _("B")) }}}}',
            "",
            f"{GUIDE}/a.html:2: lost is shown and not taken",
        ),
        (MENU, "menu-en-small.webp", f"{KEPT}/menu-en-small.webp is left over"),
    ],
)
def test_what_is_out_of_step_is_found(tmp_path: Path, page: str, left: str, complaint: str) -> None:
    root = plant(tmp_path, SCENES, 'camera.take(page, "menu", of, beyond=ALL)\n')
    plant(root, f"{GUIDE}/a.html", page)
    for language in LANGUAGES:
        for look in LOOKS:
            plant(root, f"{KEPT}/menu-{language}{look.suffix}.webp", "")
    if left:
        plant(root, f"{KEPT}/{left}", "")
    assert pictures_out_of_step(root) == ([complaint] if complaint else [])


def test_one_that_was_not_taken_yet_is_missing(tmp_path: Path) -> None:
    root = plant(tmp_path, SCENES, 'camera.take(page, "menu")\n')
    plant(root, f"{GUIDE}/a.html", MENU)
    (root / KEPT).mkdir(parents=True)
    missing = pictures_out_of_step(root)
    assert len(missing) == len(LANGUAGES) * len(LOOKS)
    assert f"{KEPT}/menu-cy-narrow.webp is missing: make pictures" in missing
