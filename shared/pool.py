"""The connections to a database as Prometheus sees them: how many are in use, and who waited."""

import time

from prometheus_client import Counter, Gauge, Histogram
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection, QueuePool

IN_USE = Gauge(
    "iamis_database_connections_in_use",
    "Connections that requests and events hold",
    ["service"],
    multiprocess_mode="livesum",
)
LIMIT = Gauge(
    "iamis_database_connections_limit",
    "Connections that may be held at once",
    ["service"],
    multiprocess_mode="livesum",
)
WAITED = Histogram(
    "iamis_database_connection_wait_seconds",
    "How long a connection was waited for, or opened",
    ["service"],
    buckets=(0.001, 0.01, 0.1, 0.5, 1.0, 2.5, 5.0),
)
WAITED_IN_VAIN = Counter(
    "iamis_database_connection_timeouts_total",
    "Waits for a connection that came to nothing: all were in use",
    ["service"],
)
COUNTED = "iamis_counted"


class WatchedPool(QueuePool):
    """A pool that tells how long its connections are waited for.

    It bears the name of the service whose it is (`pool_logging_name`), and keeps it for good.
    """

    @property
    def service(self) -> str:
        return self.logging_name or ""

    @property
    def limit(self) -> int:
        """How many connections it gives out at once."""
        return self.size() + self._max_overflow

    def connect(self) -> PoolProxiedConnection:
        began = time.monotonic()
        try:
            return super().connect()
        except PoolTimeoutError:
            WAITED_IN_VAIN.labels(self.service).inc()
            raise
        finally:
            WAITED.labels(self.service).observe(time.monotonic() - began)


def watch(engine: Engine) -> None:
    """Count what the pool of `engine` gives out from now on."""
    pool = engine.pool
    if not isinstance(pool, WatchedPool):
        return
    # There from the beginning: from nothing to one is no increase to Prometheus.
    WAITED_IN_VAIN.labels(pool.service)
    in_use = IN_USE.labels(pool.service)
    LIMIT.labels(pool.service).set(pool.limit)

    def taken(_connection: object, entry: ConnectionPoolEntry, _proxy: object) -> None:
        if entry.record_info is not None and COUNTED not in entry.record_info:
            entry.record_info[COUNTED] = True
            in_use.inc()

    def given_back(_connection: object, entry: ConnectionPoolEntry) -> None:
        # One that could not be opened comes back as well.
        if entry.record_info and entry.record_info.pop(COUNTED, False):
            in_use.dec()

    event.listen(engine, "checkout", taken)
    event.listen(engine, "checkin", given_back)
