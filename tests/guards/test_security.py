"""The table of `docs/security.md`: what is called met names tests, and they are there."""

import ast
import re
from pathlib import Path

from tests.guards.tree import ROOT, plant

DOCUMENT = "docs/security.md"
ROW = re.compile(r"^\| (\d[\d., ]*) \|(.*)\|$", re.MULTILINE)
TEST = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
STATES = {"met", "not met"}


def _is_there(root: Path, file: str, name: str) -> bool:
    path = root / file
    if not path.exists():
        return False
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return not name or any(
        isinstance(node, ast.FunctionDef) and node.name == name for node in ast.walk(tree)
    )


def complaints(root: Path) -> list[str]:
    found: list[str] = []
    for number, rest in ROW.findall((root / DOCUMENT).read_text(encoding="utf-8")):
        _words, state, by, note = (cell.strip() for cell in rest.split("|"))
        tests = TEST.findall(by)
        found += [
            f"{number}: no {file} {name}" for file, name in tests if not _is_there(root, file, name)
        ]
        if state not in STATES or (state == "met") != bool(tests) or not (tests or note):
            found.append(f"{number}: met, by a test, or not, for a reason")
    return found


def test_every_requirement_is_met_by_a_test_or_says_why_not() -> None:
    assert complaints(ROOT) == []


def test_other_rows_are_refused(tmp_path: Path) -> None:
    plant(tmp_path, "tests/a.py", "def test_a() -> None: ...\n")
    rows = [
        "| 1.1 | a | met | `tests/a.py::test_a` |  |",
        "| 1.2 | a | met | `tests/a.py::test_b` |  |",
        "| 1.3 | a | met |  | so |",
        "| 1.4 | a | not met |  |  |",
        "| 1.5 | a | not met |  | so |",
        "| 1.6 | a | maybe | `tests/a.py` |  |",
    ]
    plant(tmp_path, DOCUMENT, "\n".join(rows))
    told = [line.partition(":")[0] for line in complaints(tmp_path)]
    assert told == ["1.2", "1.3", "1.4", "1.6"]
