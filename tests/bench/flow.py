"""Events per second through outbox, RabbitMQ and inbox, beside a plain confirmed publisher.

Relay and consumer are processes of their own, each with a database of its own, as they are where
two services talk.

python -m tests.bench.flow relay|consumer DATABASE_URL AMQP_URL
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from functools import partial
from statistics import fmean
from typing import IO
from urllib.parse import urlsplit

import pika
from sqlalchemy import func, select
from sqlalchemy.engine import URL

from shared.bus import INTERNAL, Binding
from shared.bus.rabbitmq import RabbitMQBus
from shared.bus.rabbitmq.management import Management
from shared.db import Database
from shared.events.consumer import Consumer
from shared.events.models import Inbox
from shared.events.outbox import emit
from shared.events.relay import Relay
from shared.launcher import databases
from shared.launcher.child import die_with
from shared.launcher.ports import LOOPBACK
from shared.launcher.postgres import Postgres
from shared.prepare import migrate_database
from shared.service import load_service
from shared.settings import inherited
from tests.bench import processes
from tests.bench.rows import Row, at_least
from tests.bench.system import System, database_port
from tests.support.stack import ROOT
from tests.support.waiting import wait_for

GOAL = 0.7
EVENTS = 4_000
SUBJECTS = 500
ROUNDS = 3
SECONDS = 120
SERVERS = ("postgres", "rabbitmq")
# An event every service handles: the effect is one row of its own.
KEY = "user.access_changed.v1"
SERVICE = "uploads"
HOST = "bench"
QUEUE, PLAIN = "iamis.bench", "iamis.bench.plain"
PASSWORD = "of the benchmark"


def rows(system: System) -> Iterator[Row]:
    home = system.stack.home
    management = home.secret("amqp-management-url")
    amqp = _with_host_of_its_own(home.secret("amqp-url"), management)
    with closing(RabbitMQBus(amqp, management)) as bus:
        bus.declare(QUEUE, [Binding(INTERNAL, "#")])
        bus.declare(PLAIN, [])
    source, target = (_database(system, name) for name in ("bench_source", "bench_target"))
    spent: Counter[str] = Counter()
    servers = {name: system.stack.instance.pids[name] for name in SERVERS}
    ours = partial(_through, source, target, amqp, servers, spent)
    rounds = [(ours(), _plain(amqp)) for _round in range(ROUNDS)]
    through, plain = (fmean(rates) for rates in zip(*rounds, strict=True))
    yield Row(
        "events through outbox, RabbitMQ and inbox",
        f"{through:.0f}/s",
        f"a plain confirmed publisher: {plain:.0f}/s",
        through / plain,
        f"≥ {GOAL}",
        at_least(GOAL),
        [each / theirs for each, theirs in rounds],
    )
    yield _spent_on_one(spent)


def _spent_on_one(spent: Mapping[str, float]) -> Row:
    """Where the limit is: on a machine that is busy, this changes less than the events a second."""
    each = {name: seconds / ROUNDS / EVENTS * 1000 for name, seconds in spent.items()}
    shares = ", ".join(f"{name} {share:.2f}" for name, share in each.items())
    return Row("processor time of one event", f"{sum(each.values()):.2f} ms ({shares})")


def _with_host_of_its_own(amqp: str, management_url: str) -> str:
    """The URL of a virtual host where no service listens: each would handle every event as well."""
    user = urlsplit(amqp).username or ""
    with closing(Management(management_url, HOST)) as management:
        management.call("PUT", f"/vhosts/{HOST}")
        everything = dict.fromkeys(("configure", "write", "read"), ".*")
        management.call("PUT", management.path("permissions", user), everything)
    return urlsplit(amqp)._replace(path=f"/{HOST}").geturl()


def _database(system: System, name: str) -> str:
    """A database with the platform's tables, and one service's; its URL."""
    port = database_port(system)
    server = Postgres(system.stack.home, port, [])
    account = databases.Account(name, PASSWORD, PASSWORD)
    with server.admin() as admin:
        databases.create(admin, [account])
    owner = Database(_url(account.owner, account.database, port))
    migrate_database(load_service(SERVICE), owner.engine, account.role)
    owner.close()
    return _url(account.role, account.database, port)


def _url(role: str, database: str, port: int) -> str:
    made = URL.create("postgresql", role, PASSWORD, LOOPBACK, port, database)
    return made.render_as_string(hide_password=False)


def _plain(amqp: str) -> float:
    """Messages per second of one publisher that waits for the confirmation of each."""
    kept = pika.BasicProperties(delivery_mode=pika.DeliveryMode.Persistent)
    with pika.BlockingConnection(pika.URLParameters(amqp)) as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        body = b"x" * 512
        began = time.perf_counter()
        for _each in range(EVENTS // 2):
            channel.basic_publish("", PLAIN, body, kept, mandatory=True)
        took = time.perf_counter() - began
        channel.queue_purge(PLAIN)
    return EVENTS / 2 / took


def _through(
    source_url: str,
    target_url: str,
    amqp: str,
    servers: Mapping[str, int],
    spent: Counter[str],
) -> float:
    """Events per second, from the first look into the outbox to the last effect.

    What each process has used for it is added to `spent`.
    """
    source, target = Database(source_url), Database(target_url)
    with closing(source), closing(target):
        _fill(source)
        wanted = _handled(target) + EVENTS
        with (
            _worker("consumer", target_url, amqp) as (consumer, consume),
            _worker("relay", source_url, amqp) as (relay, publish),
        ):
            pids = {"relay": relay, "consumer": consumer, **servers}
            before = processes.spent(pids)
            consume()
            publish()
            began = time.perf_counter()
            wait_for("all events are handled", lambda: _handled(target) >= wanted, SECONDS)
            took = time.perf_counter() - began
            spent.update(processes.spent(pids))
            spent.subtract(before)
            return EVENTS / took


def _fill(source: Database) -> None:
    with source.transaction() as session:
        for number in range(EVENTS):
            user = f"u{number % SUBJECTS}"
            emit(session, KEY, f"users/{user}", {"user_id": user, "access_version": number})


def _handled(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Inbox)) or 0


@contextmanager
def _worker(role: str, database_url: str, amqp: str) -> Iterator[tuple[int, Callable[[], None]]]:
    """A process that is ready, and begins when told to."""
    command = [sys.executable, "-m", "tests.bench.flow", role, database_url, amqp]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=inherited(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        preexec_fn=partial(die_with, os.getpid()),  # noqa: PLW1509
    ) as process:
        into, out = process.stdin, process.stdout
        assert into
        assert out

        def begin(into: IO[bytes] = into) -> None:
            into.write(b"\n")
            into.flush()

        try:
            assert out.readline() == b"ready\n"
            yield process.pid, begin
        finally:
            process.terminate()


def _work(role: str, database_url: str, amqp: str) -> None:
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda _number, _frame: stop.set())
    database, bus = Database(database_url), RabbitMQBus(amqp)
    with closing(database), closing(bus):
        relay = Relay(database, bus)
        consumer = Consumer(database, load_service(SERVICE).handlers)
        print("ready", flush=True)
        sys.stdin.readline()
        if role == "relay":
            relay.run(stop)
        else:
            bus.consume(QUEUE, consumer.handle_all, stop)


if __name__ == "__main__":
    _work(*sys.argv[1:])
