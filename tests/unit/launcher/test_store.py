"""How the object storage is started: every port its own, every door closed that is not needed."""

import json
from pathlib import Path

import pytest

from shared.launcher.child import Child
from shared.launcher.environment import environment
from shared.launcher.home import Home
from shared.launcher.store import PORTS_NEEDED, Store
from shared.settings import Settings

PORTS = range(21_000, 21_000 + PORTS_NEEDED)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path)
    home.create()
    home.make_secrets()
    return home


@pytest.fixture
def child(home: Home) -> Child:
    return Store(home, PORTS).child({})


def test_every_server_has_its_ports_on_loopback(child: Child) -> None:
    given = {int(o.rpartition("=")[2]) for o in child.command if ".port" in o}

    assert given == {*PORTS, 0}  # 0 turns a listener off
    assert {"-ip=127.0.0.1", "-ip.bind=127.0.0.1"} <= set(child.command)


@pytest.mark.parametrize(
    "closed",
    ["-filer.disableHttp", "-s3.port.iceberg=0", "-s3.port.lance=0", "-master.telemetry=false"],
)
def test_what_is_not_needed_is_off(child: Child, closed: str) -> None:
    assert closed in child.command


def test_services_find_its_files(home: Home) -> None:
    given = environment(home, {"store": 20_000})
    assert Settings.load(given).s3.files == Store(home, PORTS).data
    assert f"-dir={Store(home, PORTS).data}" in Store(home, PORTS).child({}).command


def test_the_keys_are_in_files_of_the_owner(home: Home, child: Child) -> None:
    configuration = home.objects / "s3.json"
    [identity] = json.loads(configuration.read_text(encoding="utf-8"))["identities"]

    assert identity["credentials"] == [
        {"accessKey": home.secret("s3-access-key"), "secretKey": home.secret("s3-secret-key")}
    ]
    assert home.secret("s3-secret-key") not in " ".join(child.command)
    for file in (configuration, home.objects / "security.toml"):
        assert file.stat().st_mode & 0o077 == 0


def test_the_masters_old_notes_are_removed_and_the_data_stays(home: Home) -> None:
    data = home.objects / "data"
    for name in ("m20999", "filerldb2"):
        (data / name).mkdir(parents=True)

    Store(home, PORTS).child({})

    assert [folder.name for folder in data.iterdir()] == ["filerldb2"]
