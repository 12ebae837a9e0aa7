"""Colours have names: a stylesheet that spelt one out would be unread in the dark scheme."""

import re
from pathlib import Path

import pytest

from tests.guards.tree import ROOT, at, files, plant

SPELT_OUT = re.compile(r"#[0-9a-fA-F]{3,8}\b(?=[^{}]*;)|\brgba?\(\s*\d")
# Where they are named.
NAMING = {"colours.css", "dark.css"}
# Behind a dialog, in both schemes.
VEIL = "rgb(0 0 0 / 40%)"


def spelt_out_colours(root: Path) -> list[str]:
    return [
        at(root, path, number, line.strip())
        for path in files(root, ("services/gateway/static",), ".css")
        if path.name not in NAMING
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if SPELT_OUT.search(line.replace(VEIL, ""))
    ]


def test_every_colour_has_a_name() -> None:
    assert spelt_out_colours(ROOT) == []


@pytest.mark.parametrize("line", ["color: #fff;", "fill: #a3001b;", "color: rgb(1 2 3);"])
def test_one_that_has_none_is_found(tmp_path: Path, line: str) -> None:
    root = plant(tmp_path, "services/gateway/static/a.css", f"#fade {{\n  {line}\n}}\n")
    (complaint,) = spelt_out_colours(root)
    assert complaint == f"services/gateway/static/a.css:2: {line}"
