"""`deploy/make-secrets`: what the containers are given, and that it stays as it is."""

import json
import shutil
import stat
import subprocess
from pathlib import Path

import pytest
import yaml

from deploy.kubernetes import files
from shared.launcher.rabbitmq import ALL, NOTHING, OPERATOR, OURS, USER
from shared.service import service_names
from shared.serving.databases import account_of
from shared.settings import settings
from tests.guards.composition import secrets_nobody_makes
from tests.guards.tree import ROOT

ALL_MAY_READ = 0o444


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    """The folder it has made."""
    shutil.copy(ROOT / "deploy" / "make-secrets", tmp_path)
    make(tmp_path)
    return tmp_path / "secrets"


def make(folder: Path) -> None:
    subprocess.run([folder / "make-secrets"], check=True)


def contents(secrets: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in secrets.iterdir()}


def test_it_makes_all_that_the_containers_are_given(secrets: Path) -> None:
    composition = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    assert secrets_nobody_makes(composition, set(contents(secrets))) == []


def test_it_makes_all_that_pods_are_given(secrets: Path) -> None:
    given = set()
    for pod in (
        one for objects in files().values() for one in objects if "template" in one["spec"]
    ):
        (items,) = [
            v["secret"]["items"]
            for v in pod["spec"]["template"]["spec"]["volumes"]
            if "secret" in v
        ]
        given |= {item["key"] for item in items}
    assert given <= set(contents(secrets))
    assert {"secret-key", "database-owner-url-marks"} <= given


def test_what_is_there_stays_and_what_is_missing_is_made(secrets: Path) -> None:
    before = contents(secrets)
    (secrets / "s3-access-key").unlink()
    make(secrets.parent)
    after = contents(secrets)
    assert after.pop("s3-access-key") != before.pop("s3-access-key")
    assert after == before


def test_two_installations_have_no_secret_in_common(secrets: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    shutil.copy(tmp_path / "make-secrets", other)
    make(other)
    same = set(contents(secrets).items()) & set(contents(other / "secrets").items())
    assert {name for name, _content in same} == {"smtp-url"}


def test_only_its_owner_passes_the_folder(secrets: Path) -> None:
    """The files are read by containers that run as others, and are mounted one by one."""
    assert stat.S_IMODE(secrets.stat().st_mode) == stat.S_IRWXU
    assert {stat.S_IMODE(path.stat().st_mode) for path in secrets.iterdir()} == {ALL_MAY_READ}


def test_every_service_has_a_database_url_of_each_role(
    secrets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in service_names():
        for kind in ("url", "owner-url"):
            variable = f"IAMIS_DATABASE_{kind.replace('-', '_').upper()}_{name.upper()}_FILE"
            monkeypatch.setenv(variable, str(secrets / f"database-{kind}-{name}"))
    settings.cache_clear()
    passwords = set()
    for name in service_names():
        account = account_of(name)
        passwords |= {account.password, account.owner_password}
    assert len(passwords) == 2 * len(service_names())
    monkeypatch.undo()
    settings.cache_clear()


def test_the_users_of_the_broker_may_what_those_of_the_launcher_may(secrets: Path) -> None:
    made = json.loads((secrets / "rabbitmq-definitions.json").read_text(encoding="utf-8"))
    may = {
        one["user"]: (one["configure"], one["write"], one["read"]) for one in made["permissions"]
    }
    assert may == {USER: (NOTHING, OURS, OURS), OPERATOR: (ALL, ALL, ALL)}
    tags = {one["name"]: one["tags"] for one in made["users"]}
    assert tags == {USER: "", OPERATOR: "administrator"}
