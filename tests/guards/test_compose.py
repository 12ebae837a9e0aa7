"""`docker-compose.yml` against the settings, and what each of its containers must be."""

import copy
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.guards import composition as guards
from tests.guards.composition import Composition
from tests.guards.tree import ROOT

FILE = ROOT / "docker-compose.yml"
IMAGES = ROOT / ".env"
OPERATIONS = ROOT / "docs" / "operations.md"
IMAGE = re.compile(r"[a-z0-9./-]+:(?!latest)[\w.-]+@sha256:[0-9a-f]{64}")
BUILT_HERE = "IAMIS_IMAGE"

Guard = Callable[[Composition], list[str]]
Spoil = Callable[[dict[str, Any]], object]


@pytest.fixture(scope="module")
def composition() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return read


# Each with what it must complain of.
SPOILT: dict[Guard, Spoil] = {
    guards.unknown_settings: lambda web: web["environment"].update(IAMIS_SECRET_KEY="x"),
    guards.missing_settings: lambda web: web["environment"].pop("IAMIS_URL_MARKS"),
    guards.gateways_not_trusted: lambda web: web.update(
        command=["serve", "marks"], environment={"IAMIS_TRUSTED_PROXIES": "10.0.0.0/8"}
    ),
    guards.roles_missing: lambda web: web.update(command=["serve", "marks"]),
    guards.images_by_name: lambda web: web.update(image="iamis:local"),
    guards.secrets_not_by_file: lambda web: web.update(secrets=["amqp-url"]),
    guards.databases_of_others: lambda web: web["secrets"].append("database-url-marks"),
    guards.not_confined: lambda web: web.update(user="0:0"),
    guards.not_watched: lambda web: web.update(healthcheck={"disable": True}),
    guards.not_scalable: lambda web: web.update(container_name="gateway"),
}


@pytest.mark.parametrize("guard", SPOILT)
def test_the_composition_holds_to(composition: dict[str, Any], guard: Guard) -> None:
    assert guard(composition) == []


@pytest.mark.parametrize("guard", SPOILT)
def test_a_composition_that_does_not_is_refused(composition: dict[str, Any], guard: Guard) -> None:
    spoilt = copy.deepcopy(composition)
    SPOILT[guard](spoilt["services"]["gateway"])
    if guard is guards.missing_settings:
        for service in spoilt["services"].values():
            service.get("environment", {}).pop("IAMIS_URL_MARKS", None)
            for name in "IDENTITY", "SAMPLING", "UPLOADS", "REPORTS":
                service.get("environment", {}).pop(f"IAMIS_URL_{name}", None)
    assert guard(spoilt) != []


def test_every_image_is_named_by_tag_and_digest() -> None:
    lines = IMAGES.read_text(encoding="utf-8").splitlines()
    named = dict(line.split("=") for line in lines if not line.startswith("#"))
    used = set(re.findall(r"\$\{([A-Z]+_IMAGE)\}", FILE.read_text(encoding="utf-8")))
    assert set(named) == used
    assert named.pop(BUILT_HERE) == "iamis:local"
    assert [image for image in named.values() if not IMAGE.fullmatch(image)] == []


def test_what_may_be_set_is_told() -> None:
    settable = set(re.findall(r"\$\{([A-Z0-9_]+):-", FILE.read_text(encoding="utf-8")))
    told = set(re.findall(r"^\| `([A-Z0-9_]+)` \|", OPERATIONS.read_text("utf-8"), re.MULTILINE))
    assert settable == told


def test_the_operator_is_told_what_doctor_speaks_of(composition: dict[str, Any]) -> None:
    assert guards.not_told_to_doctor(composition) == []
    spoilt = copy.deepcopy(composition)
    spoilt["services"]["operator"]["environment"].pop("IAMIS_SMTP_URL_FILE")
    assert guards.not_told_to_doctor(spoilt) == ["IAMIS_SMTP_URL"]


def test_what_has_a_way_out_is_told(composition: dict[str, Any]) -> None:
    (told,) = re.findall(
        r"^Only (.+) are on a network that leads out", OPERATIONS.read_text("utf-8"), re.MULTILINE
    )
    assert set(re.findall(r"`([a-z-]+)`", told)) == guards.leading_out(composition)


def test_a_linter_reads_the_dockerfiles() -> None:
    files = [ROOT / "deploy" / "Dockerfile", *sorted(ROOT.glob("tests/compose/**/Dockerfile"))]
    assert len(files) > 1
    found = subprocess.run(
        [Path(sys.executable).with_name("hadolint"), *files],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (found.returncode, found.stdout + found.stderr) == (0, "")
