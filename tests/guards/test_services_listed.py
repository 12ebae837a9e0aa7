"""A new folder below services/ is under the import contracts and is started like the others."""

import tomllib
from pathlib import Path

import pytest

from tests.guards.tree import ROOT, plant


def unlisted_services(root: Path) -> list[str]:
    """Where a list of services in pyproject.toml differs from the folders of services/."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = {
        contract["id"]: contract for contract in project["tool"]["importlinter"]["contracts"]
    }
    entry_points = project["project"]["entry-points"]["iamis.services"]
    there = {
        path.name
        for path in (root / "services").iterdir()
        if path.is_dir() and not path.name.startswith("_")
    }
    lists = {
        "independence": _last_parts(contracts["independence"]["modules"]),
        "layers": _last_parts(contracts["layers"]["containers"]),
        "entry points": set(entry_points),
        "targets of the entry points": {target.split(".")[1] for target in entry_points.values()},
    }
    return [
        f"{name}: {', '.join(sorted(listed ^ there))}"
        for name, listed in lists.items()
        if listed != there
    ]


def _last_parts(names: list[str]) -> set[str]:
    return {name.rpartition(".")[2] for name in names}


def import_exceptions(root: Path) -> list[str]:
    """The import contracts that allow an exception."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    return [contract["id"] for contract in contracts if contract.get("ignore_imports")]


def test_every_service_is_listed() -> None:
    assert unlisted_services(ROOT) == []


def test_no_import_contract_has_an_exception() -> None:
    assert import_exceptions(ROOT) == []


PROJECT = """
[project.entry-points."iamis.services"]
marks = "services.marks.app:SERVICE"
[[tool.importlinter.contracts]]
id = "independence"
modules = ["services.marks"]
[[tool.importlinter.contracts]]
id = "layers"
containers = ["services.marks"]
"""


@pytest.fixture
def planted(tmp_path: Path) -> Path:
    plant(tmp_path, "services/__init__.py", "")
    plant(tmp_path, "services/marks/__init__.py", "")
    return plant(tmp_path, "pyproject.toml", PROJECT)


def test_a_forgotten_service_is_named_in_every_list(planted: Path) -> None:
    assert unlisted_services(planted) == []
    plant(planted, "services/appeals/__init__.py", "")
    complaints = unlisted_services(planted)
    assert len(complaints) == 4
    assert all(line.endswith(": appeals") for line in complaints)


def test_an_exception_is_named(planted: Path) -> None:
    assert import_exceptions(planted) == []
    plant(planted, "pyproject.toml", PROJECT + 'ignore_imports = ["services.marks -> flask"]\n')
    assert import_exceptions(planted) == ["layers"]
