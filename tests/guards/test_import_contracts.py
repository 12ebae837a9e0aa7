"""The import contracts of pyproject.toml refuse what they are for."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.guards.tree import ROOT, plant

LINT_IMPORTS = Path(sys.executable).parent / "lint-imports"
SERVICES = ("gateway", "identity", "marks", "reports", "sampling", "uploads")
VIOLATIONS = {
    "a service imports another": (
        "services/marks/handlers.py",
        "from services.sampling import domain",
        "Services never import each other",
    ),
    "the platform imports a service": (
        "shared/web.py",
        "import services.gateway",
        "The platform library knows no service",
    ),
    "use cases import the HTTP layer": (
        "services/uploads/commands.py",
        "from services.uploads import api",
        "Inside a service, imports go down",
    ),
    "the HTTP layer imports the handlers": (
        "services/uploads/api.py",
        "from services.uploads import handlers",
        "Inside a service, imports go down",
    ),
    "rules import tables through others": (
        "services/sampling/domain/policy.py",
        "import shared.db",
        "Domain rules touch no framework",
    ),
    "use cases import the web framework": (
        "services/reports/commands.py",
        "from flask import request",
        "know no web framework",
    ),
}


@pytest.fixture
def planted(tmp_path: Path) -> Path:
    """A small tree that keeps every contract."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    plant(tmp_path, "shared/__init__.py", "")
    plant(tmp_path, "shared/db.py", "import sqlalchemy\n")
    plant(tmp_path, "services/__init__.py", "")
    for service in SERVICES:
        plant(tmp_path, f"services/{service}/__init__.py", "")
        plant(tmp_path, f"services/{service}/domain/__init__.py", "")
        for module in ("api", "commands", "handlers"):
            plant(tmp_path, f"services/{service}/{module}.py", "import shared.db\n")
    return tmp_path


def lint(root: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINT_IMPORTS, "--no-cache"], cwd=root, capture_output=True, text=True, check=False
    )


def test_a_tree_that_keeps_them_passes(planted: Path) -> None:
    result = lint(planted)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(("name", "line", "contract"), VIOLATIONS.values(), ids=VIOLATIONS)
def test_a_violation_is_refused(planted: Path, name: str, line: str, contract: str) -> None:
    plant(planted, name, f"{line}\n")
    result = lint(planted)
    broken = [text for text in result.stdout.splitlines() if text.endswith(" BROKEN")]
    assert result.returncode == 1
    assert len(broken) == 1
    assert contract in broken[0]
