"""The uploads service under its real server, on a real S3 server."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest

from services.uploads.app import SERVICE
from shared.access.principal import Principal
from shared.launcher.ports import free_ports
from shared.settings import S3Settings, inherited
from shared.storage import Storage
from tests.support.object_storage import running_object_storage
from tests.support.service import ServiceUnderTest, migrated_database, token_for
from tests.support.stack import ROOT
from tests.support.waiting import wait_for
from tests.unit.uploads.builders import sampled_sheet, tell_paper

MEBIBYTE = 2**20
MAX_FILE_BYTES = 64 * MEBIBYTE
START_SECONDS = 60
STOP_SECONDS = 30
ANSWER_SECONDS = 120
NO_UPLOADS = "p-none"


@pytest.fixture(scope="session")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Settings]:
    with running_object_storage(tmp_path_factory.mktemp("store")) as where:
        yield where


@pytest.fixture(scope="session")
def storage(s3: S3Settings) -> Storage:
    return Storage(s3)


@dataclass
class Served:
    """The service as a process, and the same service in this one, to hand it events."""

    port: int
    process: subprocess.Popen[bytes]
    inside: ServiceUnderTest

    def connect(self) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_SECONDS)

    def answers(self) -> bool:
        assert self.process.poll() is None, "the service has ended"
        connection = self.connect()
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    @property
    def worker(self) -> int:
        """The process that serves; the one started watches over it."""
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
        return int(children.split()[0])

    def highest_memory(self) -> int:
        """The most memory the worker has held at any time, in bytes."""
        status = Path(f"/proc/{self.worker}/status").read_text(encoding="ascii")
        line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024


def bearer(who: Principal | None) -> dict[str, str]:
    return {"Authorization": f"Bearer {token_for(who)}"} if who else {}


def answer_of(connection: HTTPConnection) -> tuple[HTTPResponse, bytes]:
    response = connection.getresponse()
    return response, response.read()


def environment(s3: S3Settings, home: Path) -> Mapping[str, str]:
    return inherited() | {
        "IAMIS_HOME": str(home),
        "IAMIS_DATABASE_URL_UPLOADS": f"sqlite:///{home / 'service.sqlite'}",
        "IAMIS_S3_ENDPOINT": f"http://{s3.endpoint}",
        "IAMIS_S3_ACCESS_KEY": s3.access_key,
        "IAMIS_S3_SECRET_KEY": s3.secret_key,
        "IAMIS_S3_BUCKET": s3.bucket,
        "IAMIS_MAX_FILE_BYTES": str(MAX_FILE_BYTES),
    }


@pytest.fixture(scope="session")
def served(s3: S3Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("home")
    template = migrated_database(SERVICE, tmp_path_factory.mktemp("template"))
    inside = ServiceUnderTest(SERVICE, template, home)
    sampled_sheet(inside)
    tell_paper(inside, "none", NO_UPLOADS)
    (port,) = free_ports(1)
    command = [sys.executable, "-m", "shared.cli", "serve", "uploads", "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, env=environment(s3, home))
    service = Served(port, process, inside)
    try:
        wait_for("the service answers", service.answers, START_SECONDS)
        yield service
    finally:
        process.terminate()
        process.wait(STOP_SECONDS)
        inside.close()
