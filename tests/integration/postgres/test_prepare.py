"""Preparing a service on PostgreSQL: by several at once, and what the runtime role may then do."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import MetaData, select, text
from sqlalchemy.exc import OperationalError

from services.identity.models import PrivateKey
from shared import migrate
from shared.bus import embedded
from shared.db import Database, PlatformBase
from shared.launcher.ports import LOOPBACK, free_ports
from shared.launcher.postgres import Postgres
from shared.prepare import is_prepared, migrate_database, prepare
from shared.service import load_service, service_names
from shared.settings import SettingsError, settings
from tests.integration.postgres.conftest import Fresh
from tests.support.locked import somebody_waits
from tests.support.together import PATIENCE_SECONDS, together
from tests.support.waiting import wait_for

CHAINS = [migrate.PLATFORM, *(migrate.chain_of(load_service(name)) for name in service_names())]
ALTERS_AUDIT = """
from alembic import op

revision, down_revision = "0001", None


def upgrade() -> None:
    op.execute("ALTER TABLE audit ADD COLUMN more text")
"""
LOSES_ONCE = """
from pathlib import Path

from alembic import op

revision, down_revision = "0001", None


def upgrade() -> None:
    op.execute("CREATE TABLE made (id text)")
    if not Path(__file__).with_name("again").exists():
        op.execute("DO $$ BEGIN RAISE deadlock_detected; END $$")
"""
ADDED_ONLY = {"identity": {"audit"}, "marks": {"audit", "mark_changes"}}


@pytest.fixture
def prepared_with(fresh: Fresh, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The environment of a process that prepares any service in the fresh database."""
    monkeypatch.setenv("IAMIS_HOME", str(tmp_path))
    monkeypatch.setenv("IAMIS_SECRET_KEY", "a secret of the tests, and long enough")
    for name in ("IDENTITY", "MARKS"):
        monkeypatch.setenv(f"IAMIS_DATABASE_URL_{name}", fresh.runtime)
        monkeypatch.setenv(f"IAMIS_DATABASE_OWNER_URL_{name}", fresh.owner)
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def owner(fresh: Fresh) -> Iterator[Database]:
    opened = Database(fresh.owner)
    yield opened
    opened.close()


@pytest.mark.parametrize("chain", CHAINS, ids=lambda chain: chain.name)
def test_models_equal_migrations(chain: migrate.Chain, owner: Database) -> None:
    migrate.upgrade(owner.engine, migrate.PLATFORM, chain)
    assert migrate.differences(owner.engine, chain) == []


@pytest.mark.usefixtures("prepared_with")
def test_several_prepare_at_once_and_one_does_it(owner: Database) -> None:
    identity = load_service("identity")
    assert not is_prepared(identity)

    together(*[partial(prepare, identity)] * 4)

    assert is_prepared(identity)

    with owner.reading() as session:
        assert len(session.scalars(select(PrivateKey)).all()) == 1
        versions = session.scalars(text("SELECT version_num FROM alembic_version")).all()
    assert versions == migrate.chain_of(identity).heads()
    # As a release finds it that is put back after a later one.
    with owner.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert is_prepared(identity)


def test_what_does_not_answer_is_not_prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    nobody = f"postgresql://nobody:nothing@{LOOPBACK}:{free_ports(1)[0]}/iamis_marks"
    monkeypatch.setenv("IAMIS_DATABASE_URL_MARKS", nobody)
    settings.cache_clear()
    assert not is_prepared(load_service("marks"))
    settings.cache_clear()


@pytest.mark.usefixtures("prepared_with")
@pytest.mark.parametrize("name", ["identity", "marks"])
def test_the_runtime_role_adds_to_the_trail_and_never_changes_it(name: str, fresh: Fresh) -> None:
    service = load_service(name)
    prepare(service)
    everything = {*PlatformBase.metadata.tables, *service.metadata.tables}

    with psycopg.connect(fresh.runtime, autocommit=True) as connection:

        def may(right: str) -> set[str]:
            query = "SELECT has_table_privilege(%s, %s)"
            return {
                table
                for table in everything
                if connection.execute(query, [table, right]).fetchone() == (True,)
            }

        assert may("SELECT") == may("INSERT") == everything
        assert may("UPDATE") == may("DELETE") == everything - ADDED_ONLY[name]
        assert may("TRUNCATE") == may("REFERENCES") == may("TRIGGER") == set()
        for statement in ("UPDATE audit SET why = ''", "DELETE FROM audit", "TRUNCATE audit"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("ALTER TABLE audit ADD COLUMN more text")


@pytest.mark.usefixtures("prepared_with")
def test_preparing_again_takes_back_what_was_given_by_hand(fresh: Fresh) -> None:
    marks = load_service("marks")
    prepare(marks)
    with psycopg.connect(fresh.owner) as connection:
        connection.execute(f"GRANT DELETE ON audit TO {fresh.account.role}")
    prepare(marks)
    with (
        psycopg.connect(fresh.runtime) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("DELETE FROM audit")


def test_a_table_in_use_is_not_waited_for_long_and_tried_again(
    owner: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A migration that waits for a table holds up all who come after it."""
    migrate.upgrade(owner.engine, migrate.PLATFORM)
    (tmp_path / "0001.py").write_text(ALTERS_AUDIT, encoding="utf-8")
    altering = migrate.Chain("altering", tmp_path, MetaData())
    monkeypatch.setattr(migrate, "LOCK_TIMEOUT", "50ms")
    monkeypatch.setattr(migrate, "ATTEMPTS", 1)
    with owner.engine.connect() as reader:
        reader.execute(text("SELECT count(*) FROM audit"))
        with pytest.raises(OperationalError, match="lock timeout"):
            migrate.upgrade(owner.engine, altering)

        monkeypatch.setattr(migrate, "ATTEMPTS", 2)
        monkeypatch.setattr("shared.migrate.time.sleep", lambda _seconds: reader.rollback())
        migrate.upgrade(owner.engine, altering)
        assert "more" in set(reader.execute(text("SELECT * FROM audit")).keys())


def test_what_waited_in_a_circle_is_tried_again(
    owner: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "0001.py").write_text(LOSES_ONCE, encoding="utf-8")
    losing = migrate.Chain("losing", tmp_path, MetaData())
    monkeypatch.setattr("shared.migrate.time.sleep", lambda _seconds: (tmp_path / "again").touch())
    migrate.upgrade(owner.engine, losing)
    with owner.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM made")) == 0


def test_candidates_are_indexed_anew_while_marks_are_saved(
    owner: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who has looked at a candidate goes on to save: neither waits for the other in a circle."""
    marks = migrate.chain_of(load_service("marks"))
    migrate.upgrade(owner.engine, migrate.PLATFORM)
    migrate.upgrade(owner.engine, marks, to="0009")
    monkeypatch.setattr(migrate, "LOCK_TIMEOUT", f"{PATIENCE_SECONDS}s")
    monkeypatch.setattr(migrate, "ATTEMPTS", 1)
    with ThreadPoolExecutor(1) as pool:
        with owner.transaction() as saver:
            saver.execute(text("SELECT count(*) FROM candidates"))
            upgraded = pool.submit(migrate.upgrade, owner.engine, marks, to="0010")
            wait_for("it waits", lambda: somebody_waits(owner), PATIENCE_SECONDS)
            saver.execute(text("UPDATE candidates SET centre_no = centre_no"))
        upgraded.result(PATIENCE_SECONDS)
    with owner.engine.connect() as connection:
        assert marks.revisions(connection) == ["0010"]


def test_a_database_that_sorts_otherwise_is_refused(server: Postgres) -> None:
    with server.admin() as admin:
        admin.execute(
            "CREATE DATABASE by_language TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'cy'"
        )
    password = server.home.secret("postgres-admin")
    owner = Database(f"postgresql://postgres:{password}@{LOOPBACK}:{server.port}/by_language")
    with pytest.raises(SettingsError, match="by the rules of a language"):
        migrate_database(load_service("marks"), owner.engine, None)
    owner.close()


@pytest.mark.usefixtures("prepared_with")
def test_a_queue_is_declared() -> None:
    prepare(load_service("marks"))
    bus = embedded.EmbeddedBus(settings().bus_file)
    assert bus.depth("iamis.marks") == 0
    bus.close()
