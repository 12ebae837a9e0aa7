"""A service that is watched, and what leads to each alert on it."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import timedelta

from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text, update

from services.gateway import troubles
from services.identity.commands.counting import refusals_counted
from services.identity.commands.sign_in import wrong_credentials
from services.uploads.commands import scanning
from shared import clock
from shared.bus import (
    EVENTS,
    BusError,
    Counts,
    Message,
    UnacceptableError,
    one_by_one,
)
from shared.bus.embedded import EmbeddedBus
from shared.bus.tools import MOST_MESSAGES
from shared.errors import ProblemError
from shared.events.consumer import Consumer
from shared.events.models import Outbox
from shared.events.relay import Relay
from shared.launcher.instance import worker_of
from shared.mail.letter import Letter
from shared.mail.models import Mail
from shared.mail.queue import Reader, queue
from shared.mail.sender import Sender
from shared.mail.transport import RefusedError
from shared.pool import WatchedPool
from shared.runtime import PULSE_SECONDS
from shared.service import service_names
from tests.support.service import BOARD, ServiceUnderTest

QUEUE = "iamis.sample"


class SampleBus(EmbeddedBus):
    """A bus that gives up at once what fails; it may be away, or take nothing large."""

    is_away = takes_nothing = False

    def publish(self, messages: Sequence[Message]) -> set[str]:
        if self.takes_nothing:
            raise UnacceptableError("too large")
        return super().publish(messages)

    def counts(self, queue: str) -> Counts:
        if self.is_away:
            raise BusError("no broker")
        return super().counts(queue)


@dataclass
class Watched:
    """A service with its database and its bus, and the others, of which nothing is to be said."""

    service: ServiceUnderTest
    bus: SampleBus
    up: int = 1
    stalled_seconds: float = 0.0
    # As the broker counts them.
    of_tool: int = 0
    others: list[str] = field(default_factory=lambda: service_names()[1:])
    serving: list[str] = field(default_factory=lambda: service_names()[1:])
    held: ExitStack = field(default_factory=ExitStack)

    def tell(self) -> None:
        body = {"version": 1}
        assert self.service.call("POST", "/api/sample/changes", BOARD, json=body).status_code == 201

    def relay(self) -> None:
        Relay(self.service.database, self.bus).publish_waiting()

    def handle(self, take: Callable[[Message], None]) -> None:
        while self.bus._deliver(QUEUE, one_by_one(take)):  # noqa: SLF001 - until there is none
            pass

    def numbers(self, kind: str) -> dict[str, float]:
        """What the service's `/metrics` has of that type, by series; its worker is apart."""
        text = self.service.call("GET", "/metrics").get_data(as_text=True)
        return {
            series(sample.name, instance=instance_of(family.name), **sample.labels): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
            if family.type == kind
            and (kind == "counter" or {"sample", QUEUE} & set(sample.labels.values()))
        }


def instance_of(metric: str) -> str:
    """Where the service tells of connections, and its worker of what waits."""
    return address("sample" if metric.startswith("iamis_database") else worker_of("sample"))


def address(container: str) -> str:
    return f"{container}:8000"


def series(name: str, **labels: str) -> str:
    told = ",".join(f'{label}="{value}"' for label, value in labels.items())
    return f"{name}{{{told}}}"


def quiet(watched: Watched) -> None:
    watched.tell()
    watched.relay()
    watched.handle(lambda _message: None)
    assert watched.service.call("GET", "/api/sample/open").status_code == 200


def not_published(watched: Watched) -> None:
    watched.tell()
    with watched.service.transaction() as session:
        session.execute(update(Outbox).values(created_at=clock.now() - timedelta(minutes=2)))


def set_aside(watched: Watched) -> None:
    watched.tell()
    watched.bus.takes_nothing = True
    watched.relay()


def not_handled(watched: Watched) -> None:
    messages = [Message(str(number), EVENTS, "x", b"{}") for number in range(1001)]
    watched.bus.publish(messages)


def given_up(watched: Watched) -> None:
    def fail(message: Message) -> None:
        raise ValueError(message.id)

    watched.tell()
    watched.relay()
    watched.handle(fail)


def faults(watched: Watched) -> None:
    for _each in range(10):
        assert watched.service.call("GET", "/api/sample/broken").status_code == 500


def fails_again(watched: Watched) -> None:
    broken = Message("e1", EVENTS, "x", b"{")
    for _each in range(10):
        Consumer(watched.service.database, {}).handle_all([broken])


def connections_run_out(watched: Watched) -> None:
    pool = watched.service.database.engine.pool
    assert isinstance(pool, WatchedPool)
    # All but one: what is to be counted needs one as well.
    for _each in range(pool.limit - 1):
        session = watched.held.enter_context(watched.service.database.reading())
        session.execute(text("SELECT 1"))


def mail(watched: Watched) -> None:
    with watched.service.transaction() as session:
        reader = Reader("a@bryn.example", "Ann", "en")
        queue(session, reader, "test", Letter("Subject", ("Hello",)))


def mail_not_sent(watched: Watched) -> None:
    mail(watched)
    with watched.service.transaction() as session:
        session.execute(update(Mail).values(queued_at=clock.now() - timedelta(hours=1)))


def mail_given_up(watched: Watched) -> None:
    def refuse(_message: object) -> None:
        raise RefusedError("SMTP 550")

    mail(watched)
    Sender(watched.service.database, refuse, "b@bryn.example").send_next()


def sign_ins_refused(_watched: Watched) -> None:
    for _each in range(60):
        with suppress(ProblemError), refusals_counted():
            raise wrong_credentials()


def pages_in_trouble(_watched: Watched) -> None:
    # That a browser's report leads to this: tests/unit/gateway/test_troubles.py.
    for _each in range(10):
        troubles.TOLD.labels("script").inc()


def files_not_scanned(_watched: Watched) -> None:
    # That a daemon that is away leads to this: tests/unit/uploads/test_scanning.py.
    scanning.SCANNED.labels(scanning.PUT_OFF).inc()


def not_counted(watched: Watched) -> None:
    watched.bus.is_away = True


def tool_forgotten(watched: Watched) -> None:
    watched.of_tool = MOST_MESSAGES * 2 // 3


def no_worker(watched: Watched) -> None:
    watched.others.pop()


def no_copy(watched: Watched) -> None:
    watched.serving.pop()


def worker_stalled(watched: Watched) -> None:
    # That a thread that hangs leads to this: tests/unit/shared/test_runtime.py.
    watched.stalled_seconds = PULSE_SECONDS + 1


def copy_down(watched: Watched) -> None:
    watched.up = 0


CAUSES: dict[str, Callable[[Watched], None]] = {
    "CopyDown": copy_down,
    "NoWorker": no_worker,
    "NoCopy": no_copy,
    "WorkerStalled": worker_stalled,
    "NotCounted": not_counted,
    "EventsNotPublished": not_published,
    "EventsSetAside": set_aside,
    "EventsNotHandled": not_handled,
    "EventsGivenUp": given_up,
    "EventsFailAgain": fails_again,
    "ConnectionsRunOut": connections_run_out,
    "MailsNotSent": mail_not_sent,
    "MailsGivenUp": mail_given_up,
    "SignInsRefused": sign_ins_refused,
    "PagesInTrouble": pages_in_trouble,
    "FilesNotScanned": files_not_scanned,
    "ToolQueueFillsUp": tool_forgotten,
    "Faults": faults,
}
