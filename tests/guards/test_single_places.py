"""Some things are done in one place only, so that the place can keep the promise for all."""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.guards.tree import ALL, ROOT, SOURCES, at, modules, plant

ENVIRONMENT = {"os.environ", "os.environb", "os.getenv", "os.putenv", "os.unsetenv"}
CLOCKS = {
    "date.today",
    "datetime.date.today",
    "datetime.datetime.now",
    "datetime.datetime.today",
    "datetime.datetime.utcnow",
    "datetime.now",
    "datetime.today",
    "datetime.utcnow",
    "func.current_timestamp",
    "func.now",
    "time.gmtime",
    "time.localtime",
    "time.time",
    "time.time_ns",
}


def _dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def _names(node: ast.AST) -> set[str]:
    """What `node` mentions by its full name: `os.environ`, also where it is imported from `os`."""
    if isinstance(node, ast.ImportFrom):
        return {f"{node.module}.{alias.name}" for alias in node.names}
    return {_dotted(node)}


def reads_environment(node: ast.AST) -> bool:
    return bool(_names(node) & ENVIRONMENT)


def reads_clock(node: ast.AST) -> bool:
    return bool(_names(node) & CLOCKS)


def commits(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "commit"
    )


def notes_a_change(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and _dotted(node.func).endswith("AuditRow")


def imports_in_function(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) and any(
        isinstance(inner, ast.Import | ast.ImportFrom) for inner in ast.walk(node)
    )


def imports(package: str) -> Callable[[ast.AST], bool]:
    def found(node: ast.AST) -> bool:
        if isinstance(node, ast.Import):
            modules_named = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            modules_named = [node.module or ""]
        else:
            return False
        return any(name.split(".")[0] == package for name in modules_named)

    return found


@dataclass(frozen=True)
class Rule:
    """What is done only in `home` (a path prefix), looked for below `folders`."""

    what: str
    found: Callable[[ast.AST], bool]
    home: str
    folders: tuple[str, ...]
    examples: tuple[str, ...]

    def __str__(self) -> str:
        return self.what


NOWHERE = "nowhere"
RULES = (
    Rule(
        "the environment is read",
        reads_environment,
        "shared/settings.py",
        SOURCES,
        ("import os\nos.environ['A']", "from os import getenv", "import os\nx = os.getenv('A')"),
    ),
    Rule(
        "the clock is read",
        reads_clock,
        "shared/clock.py",
        SOURCES,
        ("datetime.now(UTC)", "datetime.datetime.utcnow()", "time.time()", "from time import time"),
    ),
    Rule(
        "a transaction is committed",
        commits,
        "shared/db.py",
        SOURCES,
        ("session.commit()", "Session(engine).commit()"),
    ),
    Rule(
        "a row of the audit trail is made",
        notes_a_change,
        "shared/audit.py",
        SOURCES,
        ("session.add(AuditRow(action='a'))", "audit.AuditRow()"),
    ),
    Rule(
        "a module is imported inside a function",
        imports_in_function,
        NOWHERE,
        ALL,
        ("def f():\n    import json", "class A:\n    async def f(self):\n        from a import b"),
    ),
    Rule(
        "the object store's client is imported",
        imports("minio"),
        "shared/storage",
        ALL,
        ("import minio", "from minio.error import S3Error"),
    ),
    Rule(
        "the broker's client is imported",
        imports("pika"),
        "shared/bus/rabbitmq",
        SOURCES,
        ("import pika", "from pika.adapters import blocking_connection"),
    ),
)


def complaints(root: Path, rule: Rule) -> Iterator[str]:
    for path, tree in modules(root, rule.folders):
        if path.relative_to(root).as_posix().startswith(rule.home):
            continue
        for node in ast.walk(tree):
            if rule.found(node):
                yield at(root, path, getattr(node, "lineno", 0), rule.what)


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_only_its_own_place_does_it(rule: Rule) -> None:
    assert list(complaints(ROOT, rule)) == []


@pytest.mark.parametrize(
    ("rule", "example"), [(rule, example) for rule in RULES for example in rule.examples], ids=str
)
def test_anywhere_else_it_is_refused(tmp_path: Path, rule: Rule, example: str) -> None:
    assert list(complaints(plant(tmp_path, "services/marks/planted.py", example), rule))


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.home != NOWHERE], ids=str)
def test_at_home_it_is_allowed(tmp_path: Path, rule: Rule) -> None:
    home = f"{rule.home.removesuffix('.py')}.py"
    assert list(complaints(plant(tmp_path, home, rule.examples[0]), rule)) == []


SERVICE_ADDRESS = re.compile(r"/api/(identity|marks|sampling|uploads|reports)/")
ROUTED = {"table.py"}


def spelt_out(root: Path) -> Iterator[str]:
    """Addresses of services in the gateway, outside of the modules that have them for all."""
    for path, tree in modules(root, ("services/gateway",)):
        if path.name.endswith("_paths.py") or path.name in ROUTED:
            continue
        for node in ast.walk(tree):
            text = str(node.value) if isinstance(node, ast.Constant) else ""
            if SERVICE_ADDRESS.match(text):
                yield at(root, path, getattr(node, "lineno", 0), f"{text} is spelt out")


def test_addresses_of_services_have_a_name() -> None:
    assert list(spelt_out(ROOT)) == []


@pytest.mark.parametrize("written", ["get('/api/marks/centres')", "get(f'/api/identity/{who}')"])
def test_one_that_is_spelt_out_is_refused(tmp_path: Path, written: str) -> None:
    assert list(spelt_out(plant(tmp_path, "services/gateway/pages/planted.py", written)))
    named = plant(tmp_path / "named", "services/gateway/service_paths.py", written)
    assert list(spelt_out(named)) == []


def test_a_monotonic_clock_is_allowed(tmp_path: Path) -> None:
    root = plant(tmp_path, "shared/a.py", "import time\ntime.monotonic()\nclock.now()\n")
    assert [line for rule in RULES for line in complaints(root, rule)] == []
