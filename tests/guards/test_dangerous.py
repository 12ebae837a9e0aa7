"""What turns text into code, or into a command, is nowhere in the product."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.guards.tree import ROOT, plant

PRODUCT = ("services", "shared", "deploy")
CALLS = {"eval", "exec", "compile", "__import__", "system", "popen"}
MODULES = {"pickle", "marshal", "shelve", "dill"}
IN_PAGES = re.compile(
    r"\beval\(|new Function|(?:inner|outer)HTML *\+?=(?!=)|insertAdjacentHTML|__proto__"
)


def _in_python(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func
            called = name.id if isinstance(name, ast.Name) else ""
            if isinstance(name, ast.Attribute) and isinstance(name.value, ast.Name):
                called = name.attr if name.value.id == "os" else ""
            if called in CALLS:
                yield node.lineno, called
            if any(k.arg == "shell" and not _is_false(k.value) for k in node.keywords):
                yield node.lineno, "shell"
        for module in _imported(node):
            if module in MODULES:
                yield getattr(node, "lineno", 0), module


def _is_false(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is False


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name.partition(".")[0] for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [(node.module or "").partition(".")[0]]
    return []


def complaints(root: Path) -> list[str]:
    found: list[str] = []
    for folder in PRODUCT:
        for path in sorted((root / folder).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            found += [f"{path.relative_to(root)}:{line}: {what}" for line, what in _in_python(tree)]
        for path in sorted((root / folder).rglob("*.js")):
            lines = enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
            found += [
                f"{path.relative_to(root)}:{number}: {match[0]}"
                for number, line in lines
                for match in IN_PAGES.finditer(line)
            ]
    return found


def test_no_text_becomes_code() -> None:
    assert complaints(ROOT) == []


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("services/a.py", "eval('1')\n"),
        ("shared/a.py", "import os\nos.system('ls')\n"),
        ("shared/a.py", "import subprocess\nsubprocess.run('ls', shell=True)\n"),
        ("deploy/a.py", "from pickle import loads\n"),
        ("services/a.js", "cell.innerHTML = name;\n"),
    ],
)
def test_what_could_is_found(tmp_path: Path, file: str, text: str) -> None:
    plant(tmp_path, file, text)
    assert len(complaints(tmp_path)) == 1
