"""Every request of a page's script begins a trace, for one module sends them all."""

import re
from pathlib import Path

import pytest

from tests.guards.tree import ROOT, at, files, plant

STATIC = "services/gateway/static"
ASKS = re.compile(r"\bfetch\(|\bsendBeacon\(")
# Whose caller gives the headers, a trace among them.
SENDS = re.compile(r"\bnew XMLHttpRequest\(")
HOMES = {f"{STATIC}/traced.js": ASKS, f"{STATIC}/evidence/send.js": SENDS}


def untraced(root: Path) -> list[str]:
    found = []
    for path in files(root, (STATIC,), ".js"):
        own = HOMES.get(path.relative_to(root).as_posix())
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if any(how.search(line) for how in (ASKS, SENDS) if how is not own):
                found.append(at(root, path, number, line.strip()))
    return found


def test_scripts_ask_in_one_way() -> None:
    assert untraced(ROOT) == []


@pytest.mark.parametrize("line", ["await fetch(a)", "new XMLHttpRequest()", "x.sendBeacon(a)"])
def test_another_way_is_found(tmp_path: Path, line: str) -> None:
    assert untraced(plant(tmp_path, f"{STATIC}/planted.js", line))
