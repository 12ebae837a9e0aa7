"""`deploy/pin-images`, with a `docker` that knows one digest."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.guards.tree import ROOT, plant

DIGEST = "sha256:" + "5" * 64
DOCKER = f"""#!/bin/sh
case "$1 $2" in
"pull --quiet") case $3 in *@*) exit 1 ;; broken*) exit 1 ;; esac ;;
"image inspect") echo "docker.io/library/known@{DIGEST}" ;;
esac
"""


@pytest.fixture
def pin(tmp_path: Path) -> Path:
    """The program, in a folder of its own."""
    path = plant(tmp_path, "bin/docker", DOCKER) / "bin" / "docker"
    path.chmod(0o755)
    (tmp_path / "deploy").mkdir()
    return Path(shutil.copy(ROOT / "deploy" / "pin-images", tmp_path / "deploy"))


def run(pin: Path, images: str) -> tuple[int, str]:
    """The exit status, and what `.env` holds then."""
    root = pin.parents[1]
    plant(root, ".env", images)
    path = f"{root / 'bin'}:{os.defpath}"
    done = subprocess.run([pin], env={"PATH": path}, check=False)
    return done.returncode, (root / ".env").read_text(encoding="utf-8")


def test_every_image_of_others_gets_the_digest_of_its_tag(pin: Path) -> None:
    images = "# Images\nIAMIS_IMAGE=iamis:local\nA_IMAGE=a/b:1.2\n"
    pinned = f"# Images\nIAMIS_IMAGE=iamis:local\nA_IMAGE=a/b:1.2@{DIGEST}\n"
    assert run(pin, images) == (0, pinned)
    assert run(pin, pinned.replace("555", "444")) == (0, pinned)


def test_nothing_changes_where_a_registry_does_not_answer(pin: Path) -> None:
    images = "A_IMAGE=a/b:1.2\nBROKEN_IMAGE=broken:1\n"
    status, left = run(pin, images)
    assert status != 0
    assert left == images
