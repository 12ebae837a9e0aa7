"""Each database has one line of revisions, and it makes just what the models say."""

from pathlib import Path

import pytest

from shared import migrate
from shared.db import Database
from shared.service import load_service, service_names

CHAINS = [migrate.PLATFORM, *(migrate.chain_of(load_service(name)) for name in service_names())]


@pytest.mark.parametrize("chain", CHAINS, ids=lambda chain: chain.name)
def test_one_head(chain: migrate.Chain) -> None:
    assert len(chain.heads()) == 1


@pytest.mark.parametrize("chain", CHAINS, ids=lambda chain: chain.name)
def test_models_equal_migrations(chain: migrate.Chain, tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'migrated.sqlite'}")
    migrate.upgrade(database.engine, migrate.PLATFORM, chain)
    assert migrate.differences(database.engine, chain) == []
    database.close()


def test_migrating_twice_changes_nothing(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'twice.sqlite'}")
    for _each in range(2):
        migrate.upgrade(database.engine, migrate.PLATFORM)
    assert migrate.differences(database.engine, migrate.PLATFORM) == []
    database.close()
