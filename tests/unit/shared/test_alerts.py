"""Each alert on the numbers that its cause leads to: what `/metrics` says, taken to last.

The numbers are those of real parts; Prometheus's own `promtool` reads the rules.
"""

import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from math import isnan
from pathlib import Path

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import update

from shared import clock
from shared.bus import (
    EVENTS,
    INTERNAL,
    Binding,
    BusError,
    Counts,
    Message,
    UnacceptableError,
    one_by_one,
)
from shared.bus.embedded import EmbeddedBus
from shared.bus.tools import MOST_MESSAGES, queue_of_tool
from shared.events.gauges import Gauges
from shared.events.models import Outbox
from shared.events.relay import Relay
from shared.service import service_names
from tests.guards.tree import ROOT
from tests.support.service import BOARD, ServiceUnderTest

RULES = ROOT / "deploy" / "prometheus" / "alerts.yml"
PROMTOOL = "/usr/bin/promtool"
# Longer than any alert waits.
MINUTES = 30
QUEUE = "iamis.sample"
ALERTS = [
    rule["alert"]
    for group in yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"]
    for rule in group["rules"]
]

pytestmark = pytest.mark.long


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
    # As the broker counts them.
    of_tool: int = 0
    others: list[str] = field(default_factory=lambda: service_names()[1:])

    def tell(self) -> None:
        body = {"version": 1}
        assert self.service.call("POST", "/api/sample/changes", BOARD, json=body).status_code == 201

    def relay(self) -> None:
        Relay(self.service.database, self.bus).publish_waiting()

    def handle(self, take: Callable[[Message], None]) -> None:
        while self.bus._deliver(QUEUE, one_by_one(take)):  # noqa: SLF001 - until there is none
            pass

    def numbers(self, kind: str) -> dict[str, float]:
        """What the service's `/metrics` has of that type, by series."""
        text = self.service.call("GET", "/metrics").get_data(as_text=True)
        return {
            series(sample.name, **sample.labels): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
            if family.type == kind and {"sample", QUEUE} & set(sample.labels.values())
        }


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


def not_counted(watched: Watched) -> None:
    watched.bus.is_away = True


def tool_forgotten(watched: Watched) -> None:
    watched.of_tool = MOST_MESSAGES * 2 // 3


def no_worker(watched: Watched) -> None:
    watched.others.pop()


def copy_down(watched: Watched) -> None:
    watched.up = 0


CAUSES: dict[str, Callable[[Watched], None]] = {
    "CopyDown": copy_down,
    "NoWorker": no_worker,
    "NotCounted": not_counted,
    "EventsNotPublished": not_published,
    "EventsSetAside": set_aside,
    "EventsNotHandled": not_handled,
    "EventsGivenUp": given_up,
    "ToolQueueFillsUp": tool_forgotten,
    "Faults": faults,
}


@pytest.fixture
def watched(under_test: ServiceUnderTest, tmp_path: Path) -> Watched:
    bus = SampleBus(tmp_path / "bus.sqlite", ladder=())
    bus.declare(QUEUE, [Binding(exchange, "#") for exchange in (EVENTS, INTERNAL)])
    return Watched(under_test, bus)


def seen(watched: Watched, cause: Callable[[Watched], None]) -> dict[str, str]:
    """Half an hour as promtool takes it: gauges stay as they are, counters go on as in a minute."""
    before = watched.numbers("counter")
    cause(watched)
    Gauges("sample", watched.service.database, lambda: watched.bus).look(watched.bus)
    found = {series("up", job="web", instance="sample:8000"): f"{watched.up}x{MINUTES}"}
    tool = series("rabbitmq_detailed_queue_messages", queue=queue_of_tool("scores"))
    found[tool] = f"{watched.of_tool}x{MINUTES}"
    for other in watched.others:
        found[series("iamis_outbox_waiting", service=other)] = f"0x{MINUTES}"
    for name, value in watched.numbers("gauge").items():
        found[name] = "NaN " * MINUTES if isnan(value) else f"{value}x{MINUTES}"
    for name, value in watched.numbers("counter").items():
        found[name] = f"0+{value - before.get(name, 0)}x{MINUTES}"
    return found


def check(numbers: dict[str, str], firing: Sequence[str], folder: Path) -> None:
    """That these alerts fire in the end, and no other."""
    asked = {
        "expr": 'count by (alertname) (ALERTS{alertstate="firing"})',
        "eval_time": f"{MINUTES - 1}m",
        "exp_samples": [{"labels": series("", alertname=name), "value": 1} for name in firing],
    }
    test = {
        "interval": "1m",
        "input_series": [{"series": name, "values": values} for name, values in numbers.items()],
        "promql_expr_test": [asked],
    }
    file = folder / "test.yml"
    told = {"rule_files": [str(RULES)], "evaluation_interval": "1m", "tests": [test]}
    file.write_text(yaml.safe_dump(told), encoding="utf-8")
    ended = subprocess.run(
        [PROMTOOL, "test", "rules", file], check=False, capture_output=True, text=True
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_every_alert_has_a_cause_here() -> None:
    assert list(CAUSES) == ALERTS


def test_none_fires_while_all_is_well(watched: Watched, tmp_path: Path) -> None:
    check(seen(watched, quiet), [], tmp_path)


@pytest.mark.parametrize("alert", CAUSES)
def test_it_fires_by_its_cause_and_no_other_does(
    watched: Watched, alert: str, tmp_path: Path
) -> None:
    check(seen(watched, CAUSES[alert]), [alert], tmp_path)
