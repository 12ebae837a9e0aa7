"""The private PostgreSQL server: who runs it, who may what, and that nothing is lost."""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from shared.launcher import postgres as module
from shared.launcher.child import Child
from shared.launcher.environment import environment, for_preparing
from shared.launcher.errors import LauncherError
from shared.launcher.home import Home
from shared.launcher.ports import free_ports, is_free
from shared.launcher.postgres import Postgres
from shared.settings import inherited
from tests.support.postgres import passable_folder, running_postgres
from tests.support.waiting import wait_for

SERVICES = ["marks", "sampling"]
# Starts a server, tells its port, and is killed while the server runs.
LAUNCHER = """
import sys, time
from pathlib import Path
from tests.support.postgres import running_postgres

with running_postgres(Path(sys.argv[1]), ["marks"]) as postgres:
    print("port", postgres.port, flush=True)
    time.sleep(60)
"""


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    with passable_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def postgres(home: Path) -> Iterator[Postgres]:
    with running_postgres(home, SERVICES) as running:
        yield running


def runtime_url(postgres: Postgres, service: str) -> str:
    file = environment(postgres.home, {})[f"IAMIS_DATABASE_URL_{service.upper()}_FILE"]
    return Path(file).read_text(encoding="utf-8")


def owner_url(postgres: Postgres, service: str) -> str:
    file = for_preparing(postgres.home)[f"IAMIS_DATABASE_OWNER_URL_{service.upper()}_FILE"]
    return Path(file).read_text(encoding="utf-8")


def test_its_lock_is_taken_away_when_nothing_works_on_the_data(postgres: Postgres) -> None:
    lock = postgres.data / "postmaster.pid"
    assert not postgres.is_let_go()
    by_another_name = postgres.folder / "home"
    by_another_name.symlink_to(postgres.home.path)
    assert not Postgres(Home(by_another_name), 1, []).is_let_go()
    assert lock.exists()

    left = Postgres(Home(postgres.folder / "other"), 1, [])
    left.data.mkdir(parents=True)
    (left.data / "postmaster.pid").write_text(str(os.getpid()))
    assert left.is_let_go()
    assert list(left.data.iterdir()) == []


def test_each_service_has_a_database_that_sorts_as_sqlite_does(postgres: Postgres) -> None:
    query = "SELECT current_database(), datcollate, pg_encoding_to_char(encoding), lower('ŴYN')"
    query += " FROM pg_database WHERE datname = current_database()"
    for service in SERVICES:
        with psycopg.connect(runtime_url(postgres, service)) as connection:
            row = connection.execute(query).fetchone()
        assert row == (f"iamis_{service}", "C", "UTF8", "ŵyn")


def test_the_owner_makes_tables_and_the_runtime_role_does_not(postgres: Postgres) -> None:
    with psycopg.connect(owner_url(postgres, "marks")) as connection:
        connection.execute("CREATE TABLE made_by_owner (id integer)")
        connection.rollback()
    with (
        psycopg.connect(runtime_url(postgres, "marks")) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("CREATE TABLE made_by_runtime (id integer)")


def test_one_service_does_not_reach_the_database_of_another(postgres: Postgres) -> None:
    for given in (runtime_url(postgres, "marks"), owner_url(postgres, "marks")):
        with pytest.raises(psycopg.OperationalError, match="permission denied"):
            psycopg.connect(given, dbname="iamis_sampling")


def test_a_password_is_asked_for(postgres: Postgres) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(
            host="127.0.0.1",
            port=postgres.port,
            user="postgres",
            dbname="postgres",
            password="wrong",
        )


def test_a_commit_is_on_disk(postgres: Postgres) -> None:
    settings = "SELECT current_setting('fsync'), current_setting('synchronous_commit')"
    with psycopg.connect(runtime_url(postgres, "marks")) as connection:
        assert connection.execute(settings).fetchone() == ("on", "on")


def test_only_its_folder_is_theirs_who_run_it(postgres: Postgres) -> None:
    assert postgres.folder.stat().st_mode & 0o777 == 0o700
    assert postgres.home.secret_file("postgres-admin").stat().st_mode & 0o777 == 0o600
    assert not (postgres.folder / "password").exists()
    if os.geteuid() == 0:
        assert postgres.folder.owner() == "postgres"
        assert postgres.home.secret_file("postgres-admin").owner() == "root"


def test_the_log_has_no_values_and_no_passwords(postgres: Postgres) -> None:
    with psycopg.connect(owner_url(postgres, "marks")) as connection:
        connection.execute("CREATE TEMP TABLE people (email text PRIMARY KEY)")
        connection.execute("INSERT INTO people VALUES (%s)", ["ann@example.org"])
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO people VALUES (%s)", ["ann@example.org"])
    log = postgres.home.log_file("postgres").read_text(encoding="utf-8")
    assert "duplicate key" in log
    assert "ann@example.org" not in log
    for account in postgres.accounts:
        assert account.password not in log


def test_it_starts_again_with_its_data_and_its_passwords() -> None:
    with passable_folder() as other:
        for turn in range(2):
            with running_postgres(other, SERVICES) as running:
                with psycopg.connect(owner_url(running, "marks")) as connection:
                    connection.execute("CREATE TABLE IF NOT EXISTS kept (turn integer)")
                    connection.execute("INSERT INTO kept VALUES (%s)", [turn])
                with psycopg.connect(owner_url(running, "marks")) as connection:
                    row = connection.execute("SELECT count(*) FROM kept").fetchone()
                assert row == (turn + 1,)
            assert is_free(running.port)


def test_a_first_start_that_was_cut_short_is_made_good() -> None:
    with passable_folder() as other:
        (other / "pg" / "new").mkdir(parents=True)
        (other / "pg" / "new" / "half").touch()
        with running_postgres(other, ["marks"]) as running:
            assert running.answers()
            assert not (other / "pg" / "new").exists()


def test_it_does_not_outlive_the_launcher() -> None:
    with passable_folder() as other:
        command = [sys.executable, "-c", LAUNCHER, str(other)]
        launcher = Child("launcher", command, inherited(), other / "launcher.log")
        launcher.start()
        assert launcher.process
        wait_for("the server runs", lambda: "port" in launcher.log.read_text(), 60)
        port = int(launcher.log.read_text().split()[-1])

        os.kill(launcher.process.pid, signal.SIGKILL)
        launcher.process.wait(10)

        wait_for("the server has gone too", lambda: is_free(port))


def test_a_home_that_its_user_cannot_reach_is_named(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root runs it as another user")
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    home = Home(closed / "home")
    home.create()

    with pytest.raises(LauncherError, match=f"cannot pass {closed}"):
        Postgres(home, free_ports(1)[0], SERVICES).child()


def test_missing_binaries_are_named(tmp_path: Path) -> None:
    with pytest.raises(LauncherError, match="The package postgresql is not installed"):
        module.binaries(installed=tmp_path)
    with pytest.raises(LauncherError, match="The package postgresql-14 is not installed"):
        module.binaries("14", installed=tmp_path)


def test_the_newest_version_is_taken_where_there_is_no_data(tmp_path: Path) -> None:
    for version in ("9", "15", "17"):
        (tmp_path / version / "bin").mkdir(parents=True)
        (tmp_path / version / "bin" / "postgres").touch()

    assert module.binaries(installed=tmp_path) == tmp_path / "17" / "bin"
    assert module.binaries("15", installed=tmp_path) == tmp_path / "15" / "bin"
