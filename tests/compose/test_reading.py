"""`docker-compose.yml` as docker-compose itself reads it."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.guards.tree import ROOT


@pytest.mark.containers
def test_docker_compose_reads_it(tmp_path: Path) -> None:
    docker_compose = shutil.which("docker-compose")
    assert docker_compose, "make test-compose installs it"
    folder = tmp_path / "tree"
    (folder / "deploy").mkdir(parents=True)
    shutil.copy(ROOT / "docker-compose.yml", folder)
    shutil.copy(ROOT / ".env", folder)
    subprocess.run([docker_compose, "config", "--quiet"], cwd=folder, check=True)
