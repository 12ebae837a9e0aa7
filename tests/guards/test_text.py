"""Nothing is left for later, and the pages ask nothing of other machines."""

import re
from pathlib import Path

import pytest

from tests.guards.tree import ALL, ROOT, SOURCES, Guard, at, files, plant

TEXTS = ("", ".py", ".js", ".css", ".html", ".json", ".mako", ".sh", ".toml")
LEFT_FOR_LATER = re.compile(r"\b(?:TO[D]O|FIX[M]E)\b")
FOREIGN = re.compile(r"""(?:@import|url\(|\bfrom|\bimport)[\s("']*(?:https?:)?//""")


def _matches(
    root: Path, folders: tuple[str, ...], suffixes: tuple[str, ...], pattern: re.Pattern[str]
) -> list[str]:
    return [
        at(root, path, number, line.strip())
        for path in files(root, folders, *suffixes)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line)
    ]


def left_for_later(root: Path) -> list[str]:
    return _matches(root, ALL, TEXTS, LEFT_FOR_LATER)


def foreign_assets(root: Path) -> list[str]:
    """Style sheets and scripts that load from another machine."""
    return _matches(root, SOURCES, (".css", ".js"), FOREIGN)


@pytest.mark.parametrize("guard", [left_for_later, foreign_assets])
def test_the_tree_is_clean(guard: Guard) -> None:
    assert guard(ROOT) == []


@pytest.mark.parametrize("name", ["shared/a.py", "services/marks/static/a.js", "deploy/start"])
@pytest.mark.parametrize("word", ["todo", "fixme"])
def test_what_is_left_for_later_is_refused(tmp_path: Path, name: str, word: str) -> None:
    assert left_for_later(plant(tmp_path, name, f"x = 1\n# {word.upper()}: more\n"))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.css", "@import 'https://cdn.example/a.css';"),
        ("a.css", "body { background: url(//cdn.example/a.png) }"),
        ("a.js", "import { a } from 'https://cdn.example/a.js';"),
        ("a.js", "const a = await import('https://cdn.example/a.js');"),
    ],
)
def test_a_foreign_asset_is_refused(tmp_path: Path, name: str, text: str) -> None:
    assert foreign_assets(plant(tmp_path, f"services/gateway/static/{name}", text))


def test_local_assets_are_allowed(tmp_path: Path) -> None:
    text = "import { a } from './a.js'; // see https://example.org\n"
    assert foreign_assets(plant(tmp_path, "services/gateway/static/b.js", text)) == []
