"""The private broker: it starts, is reachable by its users only, and leaves nothing behind."""

import base64
import http.client
import json
import socket
import stat
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from shared.launcher import rabbitmq
from shared.launcher.errors import LauncherError
from tests.support.processes import processes_of_home
from tests.support.rabbitmq import Broker, running_broker
from tests.support.waiting import wait_for


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    with running_broker(tmp_path_factory.mktemp("broker")) as running:
        yield running


def managed(url: str, path: str, user: str | None = None, password: str | None = None) -> object:
    """What the management API answers; the status alone where it refuses."""
    where = urlsplit(url)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=10)
    credentials = f"{user or where.username}:{password or where.password}"
    basic = base64.b64encode(credentials.encode()).decode()
    try:
        connection.request("GET", path, headers={"Authorization": f"Basic {basic}"})
        answer = connection.getresponse()
        return json.loads(answer.read()) if answer.status == http.HTTPStatus.OK else answer.status
    finally:
        connection.close()


def listening(home: Path) -> set[str]:
    """The addresses that the processes of the home listen on, as the kernel writes them."""
    sockets = {
        link.readlink().name
        for pid in processes_of_home(home)
        for link in Path(f"/proc/{pid}/fd").iterdir()
        if link.is_symlink()
    }
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and f"socket:[{fields[9]}]" in sockets:
                found.add(fields[1].partition(":")[0])
    return found


def test_the_users_are_those_of_the_home_and_no_guest(broker: Broker) -> None:
    users = managed(broker.rabbitmq.management_url, "/api/users")

    assert isinstance(users, list)
    assert {one["name"]: one["tags"] for one in users} == {
        "iamis": [],
        "iamis-operator": ["administrator"],
    }
    assert managed(broker.rabbitmq.management_url, "/api/users", "guest", "guest") == 401


def test_the_services_user_does_not_administer(broker: Broker) -> None:
    secret = broker.rabbitmq.home.secret("amqp-password")

    assert managed(broker.rabbitmq.management_url, "/api/users", "iamis", secret) == 401


def test_it_listens_on_loopback_only(broker: Broker) -> None:
    assert listening(broker.rabbitmq.home.path) == {"0100007F"}
    for port in broker.rabbitmq.ports:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()


def test_secrets_are_for_the_owner_alone(broker: Broker) -> None:
    files = [path for path in broker.rabbitmq.folder.rglob("*") if path.is_file()]

    assert broker.rabbitmq.folder / ".erlang.cookie" in files
    assert not [path for path in files if stat.S_IMODE(path.stat().st_mode) & 0o077]


def test_rabbitmqctl_reaches_it(broker: Broker) -> None:
    assert "iamis-operator" in broker.control("list_users")


@pytest.mark.long
def test_two_homes_run_at_once_and_leave_nothing(broker: Broker, tmp_path: Path) -> None:
    with running_broker(tmp_path / "other") as other:
        assert other.rabbitmq.answers()
        assert broker.rabbitmq.answers()
        assert processes_of_home(tmp_path)

    assert other.child.status == 0
    assert processes_of_home(tmp_path) == {}
    assert not other.rabbitmq.names_answer()
    assert broker.rabbitmq.answers()


@pytest.mark.long
def test_what_it_keeps_survives_a_restart_on_other_ports(tmp_path: Path) -> None:
    with running_broker(tmp_path) as first:
        first.control("add_vhost", "kept")
        first.child.stop(0)

    with running_broker(tmp_path) as second:
        assert "kept" in second.control("list_vhosts")


@pytest.mark.long
def test_an_epmd_of_its_own_making_is_ended(tmp_path: Path) -> None:
    with running_broker(tmp_path) as broker:
        broker.names.stop(0)
        # Any Erlang program starts one when there is none.
        broker.child.stop(0)
        broker.start_broker()
        wait_for("another epmd", broker.rabbitmq.names_answer)

    assert not broker.rabbitmq.names_answer()


def test_without_the_package_it_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    rabbitmq.require_programs()
    monkeypatch.setattr(rabbitmq, "PROGRAMS", tmp_path)

    with pytest.raises(LauncherError, match="rabbitmq-server"):
        rabbitmq.require_programs()
