"""The documents name only what is there."""

import re
from pathlib import Path

from tests.guards.tree import ROOT, plant

CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
COMMAND = re.compile(r"\bmake ([a-z][a-z-]*)")
TARGET = re.compile(r"^([a-z][a-z-]*):", re.MULTILINE)


def unknown_targets(root: Path) -> list[str]:
    """`make` commands in the documents that the Makefile does not have."""
    targets = set(TARGET.findall((root / "Makefile").read_text(encoding="utf-8")))
    return [
        f"{path.relative_to(root).as_posix()}: make {target}"
        for path in [*root.glob("*.md"), *root.glob("docs/**/*.md")]
        for code in CODE.findall(path.read_text(encoding="utf-8"))
        for target in COMMAND.findall(code)
        if target not in targets
    ]


def test_every_make_command_is_there() -> None:
    assert unknown_targets(ROOT) == []


def test_an_unknown_make_command_is_refused(tmp_path: Path) -> None:
    plant(tmp_path, "Makefile", "run: .venv ## Start\n\t@true\n")
    plant(tmp_path, "README.md", "To make sure, `make run`:\n```sh\nPORT=1 make runn\n```\n")
    plant(tmp_path, "docs/adr/1.md", "`make tests` runs them")
    assert unknown_targets(tmp_path) == ["README.md: make runn", "docs/adr/1.md: make tests"]
