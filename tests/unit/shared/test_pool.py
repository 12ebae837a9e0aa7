"""Connections as metrics tell of them: in use, waited for, and waited for in vain."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from shared import engine as module
from shared.engine import make_engine
from shared.pool import WatchedPool
from tests.support.metrics import Moved, metric
from tests.support.pools import Hasty

SERVICE = "pooled"
IN_USE = "iamis_database_connections_in_use"
LIMIT = "iamis_database_connections_limit"
WAITED = "iamis_database_connection_wait_seconds_count"
IN_VAIN = "iamis_database_connection_timeouts_total"


@pytest.fixture
def pooled(tmp_path: Path) -> Iterator[Engine]:
    made = make_engine(f"sqlite:///{tmp_path / 'pooled.sqlite'}", SERVICE)
    yield made
    made.dispose()


def in_use() -> float:
    return metric(IN_USE, service=SERVICE)


def test_connections_count_while_they_are_held(pooled: Engine) -> None:
    moved = Moved()
    with pooled.connect() as one:
        assert in_use() == 1
        one.execute(text("SELECT 1"))
        with pooled.connect():
            assert in_use() == 2
        assert in_use() == 1
    assert in_use() == 0
    assert moved.of(WAITED) == {(SERVICE,): 2}


def test_the_limit_is_what_the_pool_gives_out(pooled: Engine) -> None:
    with ExitStack() as held:
        for _each in range(int(metric(LIMIT, service=SERVICE))):
            held.enter_context(pooled.connect())
        pool = pooled.pool
        assert isinstance(pool, WatchedPool)
        assert pool.overflow() == pool.limit - pool.size()
        assert in_use() == pool.limit


def test_one_that_broke_is_in_use_no_more(pooled: Engine) -> None:
    with pooled.connect() as one:
        one.invalidate()
        one.execute(text("SELECT 1"))
        assert in_use() == 1
    assert in_use() == 0


def test_a_pool_that_begins_anew_is_watched_still(pooled: Engine) -> None:
    moved = Moved()
    pooled.dispose()
    with pooled.connect():
        assert in_use() == 1
    assert in_use() == 0
    assert moved.of(WAITED) == {(SERVICE,): 1}


def test_who_gets_none_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WatchedPool", Hasty)
    hasty = make_engine(f"sqlite:///{tmp_path / 'hasty.sqlite'}", SERVICE)
    assert metric(LIMIT, service=SERVICE) == 1
    moved = Moved()
    with hasty.connect(), pytest.raises(PoolTimeoutError):
        hasty.connect()
    assert moved.of(IN_VAIN) == {(SERVICE,): 1}
    assert moved.of(WAITED) == {(SERVICE,): 2}
    assert in_use() == 0
    hasty.dispose()
