"""The size budget: what is short can be read whole."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.guards.tree import ALL, ROOT, SOURCES, Guard, at, files, modules, plant

FILE_LINES = 300
FUNCTION_LINES = 40
SHORT_LINES = 15
LONGER_IN_TEN = 1

# Strings, comments and regular expressions may hold braces that open and close nothing.
JS_NOISE = re.compile(
    r"/\*.*?\*/|//[^\n]*"
    r"|'(?:\\.|[^'\\\n])*'"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|(?<=[(,=:])\s?/(?:\\.|[^/\\\n])+/",
    re.DOTALL,
)
JS_FUNCTION = re.compile(
    r"\bfunction\b[^{;]*\{|=>\s*\{|^\s+(?!if|for|while|switch|catch)[\w#]+\([^;{]*\)\s*\{",
    re.MULTILINE,
)


class Function(NamedTuple):
    where: str
    lines: int


def long_files(root: Path) -> list[str]:
    sizes = {
        path: len(path.read_text(encoding="utf-8").splitlines())
        for path in files(root, ALL, ".py", ".js", ".css", ".html")
    }
    return [
        at(root, path, FILE_LINES, f"the file has {lines} lines")
        for path, lines in sizes.items()
        if lines > FILE_LINES
    ]


def python_functions(root: Path, folders: tuple[str, ...]) -> Iterator[Function]:
    for path, tree in modules(root, folders):
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                yield Function(at(root, path, node.lineno, node.name), lines)


def script_functions(root: Path, folders: tuple[str, ...]) -> Iterator[Function]:
    for path in files(root, folders, ".js"):
        source = path.read_text(encoding="utf-8")
        text = JS_NOISE.sub(lambda noise: "\n" * noise[0].count("\n"), source)
        for match in JS_FUNCTION.finditer(text):
            lines = text[match.end() : _closing_brace(text, match.end())].count("\n") + 1
            yield Function(at(root, path, text.count("\n", 0, match.end()) + 1, "function"), lines)


def _closing_brace(text: str, start: int) -> int:
    depth = 1
    for brace in re.finditer(r"[{}]", text[start:]):
        depth += 1 if brace[0] == "{" else -1
        if not depth:
            return start + brace.start()
    return len(text)


def functions(root: Path, folders: tuple[str, ...]) -> list[Function]:
    """Every function somebody wrote; those of migrations are written by Alembic, as a record."""
    found = [*python_functions(root, folders), *script_functions(root, folders)]
    return [function for function in found if "/migrations/" not in function.where]


def long_functions(root: Path) -> list[str]:
    return [
        f"{function.where} has {function.lines} lines"
        for function in functions(root, ALL)
        if function.lines > FUNCTION_LINES
    ]


def not_mostly_short(root: Path) -> list[str]:
    """The longer functions of the source, where they are more than one in ten."""
    found = functions(root, SOURCES)
    longer = [function for function in found if function.lines > SHORT_LINES]
    if 10 * len(longer) <= LONGER_IN_TEN * len(found):
        return []
    return [f"{function.where} has {function.lines} lines" for function in longer]


@pytest.mark.parametrize("guard", [long_files, long_functions, not_mostly_short])
def test_the_tree_is_in_budget(guard: Guard) -> None:
    assert guard(ROOT) == []


PYTHON_FUNCTION = "def planted() -> None:\n" + "    print()\n" * FUNCTION_LINES
SCRIPTS = {
    "function": "export async function planted(a, b = '{') {\n" + "  f();\n" * 40 + "}\n",
    "arrow": "const planted = (a) => {\n" + "  if (a) { f(/}/); }\n" * 40 + "};\n",
    "method": "class A {\n  #planted(a) {\n" + "    f(`${a}`); // }\n" * 40 + "  }\n}\n",
}


@pytest.mark.parametrize("name", ["shared/a.py", "services/marks/static/a.js", "tests/a.css"])
def test_a_long_file_is_refused(tmp_path: Path, name: str) -> None:
    assert long_files(plant(tmp_path, name, "\n" * FILE_LINES)) == []
    assert len(long_files(plant(tmp_path, name, "\n" * (FILE_LINES + 1)))) == 1


def test_a_long_python_function_is_refused(tmp_path: Path) -> None:
    assert long_functions(plant(tmp_path, "tests/a.py", PYTHON_FUNCTION)) == [
        "tests/a.py:1: planted has 41 lines"
    ]
    shorter = PYTHON_FUNCTION.removesuffix("    print()\n")
    assert long_functions(plant(tmp_path, "tests/a.py", shorter)) == []


@pytest.mark.parametrize("text", SCRIPTS.values(), ids=SCRIPTS)
def test_a_long_script_function_is_refused(tmp_path: Path, text: str) -> None:
    complaints = long_functions(plant(tmp_path, "services/gateway/static/a.js", text))
    assert [line.partition(" has ")[2] for line in complaints] == ["42 lines"]


def test_two_longer_functions_in_ten_are_refused(tmp_path: Path) -> None:
    longer = "def longer() -> None:\n" + "    print()\n" * SHORT_LINES
    short = "def short() -> None:\n    print()\n"
    assert not_mostly_short(plant(tmp_path, "shared/a.py", longer + short * 9)) == []
    assert len(not_mostly_short(plant(tmp_path, "shared/a.py", longer * 2 + short * 8))) == 2
