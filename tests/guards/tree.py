"""What the guards walk over: the tree of this repository, or one planted by a test.

A guard is a function from the root of a tree to a list of complaints, `path:line: what`. The tree
of the repository must give none; a tree with a planted violation must give some.
"""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("shared", "services", "deploy")
ALL = (*SOURCES, "tests")

Guard = Callable[[Path], list[str]]


def files(root: Path, folders: tuple[str, ...], *suffixes: str) -> Iterator[Path]:
    """Every file below `folders` with one of the suffixes."""
    for folder in folders:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in suffixes and path.is_file():
                yield path


def modules(root: Path, folders: tuple[str, ...]) -> Iterator[tuple[Path, ast.Module]]:
    """Every Python file below `folders`, parsed."""
    for path in files(root, folders, ".py"):
        yield path, ast.parse(path.read_text(encoding="utf-8"), str(path))


def at(root: Path, path: Path, line: int, what: str) -> str:
    return f"{path.relative_to(root).as_posix()}:{line}: {what}"


def plant(root: Path, name: str, text: str) -> Path:
    """Write a file of a planted tree; returns the tree's root."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return root
