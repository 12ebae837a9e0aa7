"""The home: the one folder that holds all state of an installation."""

import fcntl
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from shared.i18n import gettext as _
from shared.launcher.errors import LauncherError
from shared.launcher.files import OWNER_ONLY, write_whole

# Passable for others, readable for none: on the real stack a database runs as another user.
PASSABLE = 0o711
PRIVATE = 0o700
FOLDERS = ("bus", "db", "log", "mail", "objects", "run", "secrets")
# What a restore fills; those of `real` are made by its servers.
DATA = ("bus", "db", "objects/data", "pg", "rabbitmq")
# Each of at least 160 random bits.
SECRETS = {
    "secret-key": 32,
    "s3-access-key": 20,
    "s3-secret-key": 32,
    "amqp-password": 32,
    "amqp-operator-password": 32,
    "erlang-cookie": 32,
}


@dataclass(frozen=True)
class Home:
    """Where things are, below `path`."""

    path: Path

    @property
    def objects(self) -> Path:
        return self.path / "objects"

    @property
    def instance_file(self) -> Path:
        return self.path / "run" / "launcher.json"

    @property
    def jwks_file(self) -> Path:
        return self.path / "run" / "jwks.json"

    @property
    def first_start_marker(self) -> Path:
        """Written when the first start has ended well, and its demo data is in."""
        return self.path / "first-start-done"

    @property
    def restoring_marker(self) -> Path:
        """There while a restore fills the home: what is in it then is not whole."""
        return self.path / "restoring"

    @property
    def is_empty(self) -> bool:
        """Whether none of the folders that hold data has any."""
        return not any(any((self.path / name).glob("*")) for name in DATA)

    @property
    def stack_file(self) -> Path:
        return self.path / "stack"

    @property
    def stack(self) -> str | None:
        """The stack whose data are here; None where nothing was ever started."""
        if self.stack_file.exists():
            return self.stack_file.read_text(encoding="utf-8").strip()
        # Homes of the first days have no such file.
        return "embedded" if self.secret_file("secret-key").exists() else None

    @property
    def ports_file(self) -> Path:
        return self.path / "ports.json"

    @property
    def ports(self) -> Mapping[str, int]:
        """What was on which port at the last start."""
        if not self.ports_file.exists():
            return {}
        kept: dict[str, int] = json.loads(self.ports_file.read_text(encoding="utf-8"))
        return kept

    @property
    def accounts_file(self) -> Path:
        return self.path / "demo-accounts.json"

    def log_file(self, name: str) -> Path:
        return self.path / "log" / f"{name}.log"

    def secret_file(self, name: str) -> Path:
        return self.path / "secrets" / name

    def secret(self, name: str) -> str:
        return self.secret_file(name).read_text(encoding="utf-8").strip()

    def made_secret(self, name: str, size: int = 32) -> str:
        """The secret, made of `size` random bytes if it is not there yet."""
        if not self.secret_file(name).exists():
            write_whole(self.secret_file(name), secrets.token_hex(size))
        return self.secret(name)

    def create(self) -> None:
        """Make what is missing of the folders; raises `LauncherError` when it cannot."""
        try:
            if not self.path.exists():
                self.path.mkdir(parents=True)
                self.path.chmod(PASSABLE)
            for name in FOLDERS:
                (self.path / name).mkdir(mode=PRIVATE, exist_ok=True)
        except OSError as error:
            raise LauncherError(
                _("The home %(home)s cannot be used: %(why)s", home=self.path, why=error)
            ) from error

    def belong_to(self, stack: str) -> None:
        """Keep the home for `stack`; raises `LauncherError` where another's data are in it."""
        if self.restoring_marker.exists():
            raise LauncherError(
                _(
                    "A restore into %(home)s has not come to its end: remove %(data)s, and begin "
                    "it again.",
                    home=self.path,
                    data=", ".join((*DATA, self.restoring_marker.name)),
                )
            )
        if self.stack not in (None, stack):
            raise LauncherError(
                _(
                    "The data in %(home)s are of the stack %(stack)s: choose another home.",
                    home=self.path,
                    stack=self.stack,
                )
            )
        write_whole(self.stack_file, stack)

    def make_secrets(self) -> None:
        """Make the secrets that are not there yet; they are never made again."""
        for name, size in SECRETS.items():
            self.made_secret(name, size)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep any other launcher off this home; raises `LauncherError` when one is running."""
        descriptor = os.open(self.path / "run" / "lock", os.O_RDWR | os.O_CREAT, OWNER_ONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        except BlockingIOError as error:
            raise LauncherError(
                _("IAMIS is already running in %(home)s. Stop it first.", home=self.path)
            ) from error
        finally:
            os.close(descriptor)
