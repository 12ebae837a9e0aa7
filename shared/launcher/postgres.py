"""PostgreSQL from the system's binaries as a private server: TCP on loopback and nothing else.

Settings that are not obvious:
- it refuses to run as root: then it runs as the user `postgres`, who owns its data folder alone
  and is let through the home to reach it.
- no Unix sockets: the path of one must be shorter than many homes are.
- its log has neither parameters nor the details of errors: they hold names and marks.
- SIGINT is its fast stop. When the launcher dies it gets SIGQUIT, its immediate one: whoever
  starts it anew finds no server in the way, and every commit in its log.
"""

import os
import pwd
import shutil
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from signal import SIGINT

import psycopg

from shared.i18n import gettext as _
from shared.launcher import databases
from shared.launcher.child import Child
from shared.launcher.environment import DATABASE_URL, OWNER_URL
from shared.launcher.errors import LauncherError
from shared.launcher.files import last_lines, write_whole
from shared.launcher.home import Home
from shared.launcher.ports import LOOPBACK

NAME = "postgres"
PACKAGE = "postgresql"
INSTALLED = Path("/usr/lib/postgresql")
ADMIN = "postgres"
USER = "postgres"
PRIVATE = 0o700
INITDB_SECONDS = 120.0
STOP_SECONDS = 30.0
ANSWER_SECONDS = 2
SETTINGS: Mapping[str, str] = {
    "cluster_name": "iamis",
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "300",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
# Nothing of our own environment, which has secrets.
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}


@dataclass(frozen=True)
class Postgres:
    """The server of a home, on `port`, with a database for each of `services`.

    In turn: wait until it `is_let_go()`, start `child()`, wait until it `answers()`, then
    `create_databases()`.
    """

    home: Home
    port: int
    services: Sequence[str]
    more_settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """Theirs who run it; the data folder is renamed to its name when it is whole."""
        return self.home.path / "pg"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @cached_property
    def accounts(self) -> list[databases.Account]:
        return [
            databases.Account(
                service,
                password=self.home.made_secret(f"postgres-{service}"),
                owner_password=self.home.made_secret(f"postgres-{service}-owner"),
            )
            for service in self.services
        ]

    def is_let_go(self) -> bool:
        """Whether nothing of a server that was killed works on the data; its lock is taken away.

        The server itself goes by the process id in the lock, which may be somebody else's by now,
        or that of a process that is dead and was not waited for.
        """
        # As the kernel names it, whatever links lead to the home.
        data = self.data.resolve()
        if any(_works_in(data, process) for process in Path("/proc").glob("[0-9]*")):
            return False
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        return True

    def child(self) -> Child:
        """What runs it, its data folder made at the first start."""
        self._own_folder()
        if not self.data.exists():
            self._initialise()
        options = [
            f"-c{name}={value}" for name, value in {**SETTINGS, **self.more_settings}.items()
        ]
        return self._child(
            NAME, "postgres", f"-D{self.data}", f"-p{self.port}", "-ccluster_name=iamis", *options
        )

    def answers(self) -> bool:
        try:
            self.admin().close()
        except psycopg.OperationalError:
            return False
        return True

    def admin(self) -> psycopg.Connection:
        """A superuser's connection, for what no service may do."""
        return psycopg.connect(
            host=LOOPBACK,
            port=self.port,
            dbname="postgres",
            user=ADMIN,
            password=self.home.made_secret("postgres-admin"),
            connect_timeout=ANSWER_SECONDS,
            autocommit=True,
        )

    def create_databases(self) -> None:
        """Make what is missing of databases and roles, and write down how they are reached."""
        with self.admin() as admin:
            databases.create(admin, self.accounts)
        for account in self.accounts:
            urls = {
                f"{DATABASE_URL}{account.service}": (account.role, account.password),
                f"{OWNER_URL}{account.service}": (account.owner, account.owner_password),
            }
            for name, (role, password) in urls.items():
                write_whole(
                    self.home.secret_file(name),
                    f"postgresql://{role}:{password}@{LOOPBACK}:{self.port}/{account.database}",
                )

    def _own_folder(self) -> None:
        """Make the folder, theirs alone, and the way to it passable."""
        self.folder.mkdir(mode=PRIVATE, exist_ok=True)
        if not _is_root():
            return
        shutil.chown(self.folder, _user().pw_uid, _user().pw_gid)
        self.home.path.chmod(self.home.path.stat().st_mode | stat.S_IXGRP | stat.S_IXOTH)
        for above in self.folder.parents:
            if not above.stat().st_mode & stat.S_IXOTH:
                raise LauncherError(
                    _(
                        "The database runs as the user %(user)s, who cannot pass %(folder)s: "
                        "allow it (chmod o+x) or choose another home.",
                        user=USER,
                        folder=above,
                    )
                )

    def _initialise(self) -> None:
        """Make the data folder: whole, or not under its name."""
        draft, password = self.folder / "new", self.folder / "password"
        shutil.rmtree(draft, ignore_errors=True)
        write_whole(password, self.home.made_secret("postgres-admin"))
        if _is_root():
            shutil.chown(password, _user().pw_uid, _user().pw_gid)
        child = self._child(
            "initdb",
            "initdb",
            f"--pgdata={draft}",
            f"--username={ADMIN}",
            f"--pwfile={password}",
            "--auth-host=scram-sha-256",
            "--auth-local=reject",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--lc-collate=C",
            "--no-instructions",
        )
        child.start()
        child.stop(INITDB_SECONDS)
        password.unlink()
        if child.status:
            raise LauncherError(
                _("PostgreSQL cannot be set up:\n%(lines)s", lines=last_lines(child.log))
            )
        draft.rename(self.data)

    def _child(self, name: str, program: str, *arguments: str) -> Child:
        return Child(
            name,
            [*_as_its_user(), str(self._binaries() / program), *arguments],
            ENVIRONMENT,
            self.home.log_file(name),
            folder=self.folder,
            grace_seconds=STOP_SECONDS,
            stop_signal=SIGINT,
        )

    def _binaries(self) -> Path:
        """Of the version that wrote the data, or of the newest."""
        version = self.data / "PG_VERSION"
        return binaries(version.read_text(encoding="ascii").strip() if version.exists() else "*")


def binaries(version: str = "*", installed: Path = INSTALLED) -> Path:
    """The folder of the server's programs; raises `LauncherError` without one."""
    found = [path.parent for path in installed.glob(f"{version}/bin/postgres")]
    if not found:
        wanted = PACKAGE if version == "*" else f"{PACKAGE}-{version}"
        raise LauncherError(_("The package %(name)s is not installed.", name=wanted))
    return max(found, key=lambda path: int(path.parent.name))


def _works_in(folder: Path, process: Path) -> bool:
    try:
        return (process / "cwd").readlink() == folder
    except OSError:
        # It has ended, or is another user's.
        return False


def _is_root() -> bool:
    return os.geteuid() == 0


def _user() -> pwd.struct_passwd:
    return pwd.getpwnam(USER)


def _as_its_user() -> list[str]:
    """What goes before a command so that root does not run it.

    Changing the user makes the kernel forget whose death it is to die with.
    """
    if not _is_root():
        return []
    return [
        "/usr/bin/setpriv",
        f"--reuid={USER}",
        f"--regid={_user().pw_gid}",
        "--init-groups",
        "--no-new-privs",
        "--inh-caps=-all",
        "--pdeathsig=QUIT",
    ]
