"""Each alert on the numbers that its cause leads to: what `/metrics` says, taken to last.

The numbers are those of real parts; Prometheus's own `promtool` reads the rules.
"""

import subprocess
from collections.abc import Callable, Iterator, Sequence
from math import isnan
from pathlib import Path

import pytest
import yaml

from shared.bus import (
    EVENTS,
    INTERNAL,
    Binding,
)
from shared.bus.tools import queue_of_tool
from shared.events.gauges import Gauges
from shared.launcher.instance import worker_of
from shared.settings import settings
from tests.guards.tree import ROOT
from tests.support.service import ServiceUnderTest
from tests.unit.shared.watched import (
    CAUSES,
    QUEUE,
    SampleBus,
    Watched,
    address,
    quiet,
    series,
)

RULES = ROOT / "deploy" / "prometheus" / "alerts.yml"
PROMTOOL = "/usr/bin/promtool"
CONNECTIONS = "iamis_database_connections_limit"
# Longer than any alert waits.
MINUTES = 30
ALERTS = [
    rule["alert"]
    for group in yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"]
    for rule in group["rules"]
]

pytestmark = pytest.mark.long


@pytest.fixture
def watched(
    under_test: ServiceUnderTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Watched]:
    monkeypatch.setenv("IAMIS_SECRET_KEY", "a secret of the tests, and long enough")
    settings.cache_clear()
    bus = SampleBus(tmp_path / "bus.sqlite", ladder=())
    bus.declare(QUEUE, [Binding(exchange, "#") for exchange in (EVENTS, INTERNAL)])
    watched = Watched(under_test, bus)
    with watched.held:
        yield watched


def seen(watched: Watched, cause: Callable[[Watched], None]) -> dict[str, str]:
    """Half an hour as promtool takes it: gauges stay as they are, counters go on as in a minute."""
    before = watched.numbers("counter")
    cause(watched)
    stalled = watched.stalled_seconds
    gauges = Gauges("sample", watched.service.database, lambda: watched.bus, lambda: stalled)
    gauges.look(watched.bus)
    found = {series("up", job="web", instance="sample:8000"): f"{watched.up}x{MINUTES}"}
    tool = series("rabbitmq_detailed_queue_messages", queue=queue_of_tool("scores"))
    found[tool] = f"{watched.of_tool}x{MINUTES}"
    for other in watched.others:
        worker = {"service": other, "instance": address(worker_of(other))}
        found[series("iamis_outbox_waiting", **worker)] = f"0x{MINUTES}"
        found[series(CONNECTIONS, **worker)] = f"10x{MINUTES}"
    for other in watched.serving:
        found[series(CONNECTIONS, service=other, instance=address(other))] = f"10x{MINUTES}"
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
