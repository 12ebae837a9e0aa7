"""Everything of others comes from one registry, and is what it was when it was locked."""

import tomllib
from typing import Any

from tests.guards.tree import ROOT


def _packages() -> list[dict[str, Any]]:
    locked = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    return [one for one in locked["package"] if "editable" not in one["source"]]


def test_all_come_from_one_registry() -> None:
    assert len({str(package["source"].get("registry")) for package in _packages()}) == 1


def test_each_is_known_by_its_digest() -> None:
    for package in _packages():
        files = [*package.get("wheels", ()), *filter(None, [package.get("sdist")])]
        assert files, package["name"]
        assert all(file["hash"].startswith("sha256:") for file in files), package["name"]
