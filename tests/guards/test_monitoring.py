"""What Prometheus is to ask and Grafana to show is there."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import yaml

from shared.bus.tools import MOST_BYTES, MOST_MESSAGES
from shared.runtime import PULSE_SECONDS
from shared.service import load_service, service_names
from tests.guards.tree import ROOT, SOURCES, modules, plant

PROMETHEUS = ROOT / "deploy" / "prometheus"
DASHBOARDS = ROOT / "deploy" / "grafana" / "dashboards"
ASKED = re.compile(r"\b(iamis_\w+?)(?:_bucket|_sum|_count)?\b(?!\w)")
TOLD = re.compile(r"^\| `(iamis_[a-z_]+)\{([a-z,]+)\}` \| ", re.MULTILINE)
KINDS = {"Counter", "Gauge", "Histogram"}
# What a metric may be told by: each has few values, and none of them is of a person or a centre.
FEW = {
    "kind",
    "method",
    "outcome",
    "policy",
    "queue",
    "reason",
    "route",
    "service",
    "status",
    "type",
    "way",
}


def made_metrics(root: Path = ROOT) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every metric that is made, and its labels."""
    for _path, module in modules(root, SOURCES):
        for call in ast.walk(module):
            match call:
                case ast.Call(ast.Name(kind), [ast.Constant(str(name)), ast.Constant(), *rest]):
                    if kind in KINDS:
                        labels = ast.literal_eval(rest[0]) if rest else ()
                        yield name, tuple(labels)


def defined_metrics() -> set[str]:
    return {name for name, _labels in made_metrics()}


def asked_metrics(text: str) -> set[str]:
    return set(ASKED.findall(text))


def unknown_metrics(path: Path) -> set[str]:
    return asked_metrics(path.read_text(encoding="utf-8")) - defined_metrics()


def test_alerts_and_dashboards_ask_for_metrics_that_are_there() -> None:
    assert unknown_metrics(PROMETHEUS / "alerts.yml") == set()
    for path in DASHBOARDS.glob("*.json"):
        assert unknown_metrics(path) == set()
        assert json.loads(path.read_text(encoding="utf-8"))["panels"]


def test_every_metric_is_told_of_and_no_other() -> None:
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    told = [(name, tuple(labels.split(","))) for name, labels in TOLD.findall(text)]
    assert sorted(told) == sorted(made_metrics())


def test_every_metric_is_shown_or_watched() -> None:
    asking = [PROMETHEUS / "alerts.yml", *DASHBOARDS.glob("*.json")]
    asked = {name for path in asking for name in asked_metrics(path.read_text(encoding="utf-8"))}
    assert defined_metrics() <= asked


def test_metrics_are_told_by_few_things_and_by_nobody() -> None:
    assert {label for _name, labels in made_metrics() for label in labels} <= FEW


def test_a_metric_is_seen_where_it_is_made(tmp_path: Path) -> None:
    made = 'X = Counter("iamis_x_total", "What", ["centre"])\nY = Gauge("iamis_y", "What")\n'
    root = plant(tmp_path, "shared/made.py", made)
    assert list(made_metrics(root)) == [("iamis_x_total", ("centre",)), ("iamis_y", ())]


def alerts() -> dict[str, str]:
    """What each alert looks at, by its name."""
    read = yaml.safe_load((PROMETHEUS / "alerts.yml").read_text(encoding="utf-8"))
    return {one["alert"]: one["expr"] for group in read["groups"] for one in group["rules"]}


def test_every_alert_is_told_with_what_to_do() -> None:
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `([A-Z][a-z]\w+)` \| ", text, re.MULTILINE)) == set(alerts())


def test_a_tool_is_asked_for_before_its_queue_drops_anything() -> None:
    limits = {int(number) for number in re.findall(r"> (\d+)", alerts()["ToolQueueFillsUp"])}
    assert limits == {MOST_MESSAGES // 2, MOST_BYTES // 2}


def test_a_worker_that_stalls_is_told_of_when_it_is_not_ready() -> None:
    assert alerts()["WorkerStalled"].endswith(f"> {PULSE_SECONDS:g}")


def test_an_unknown_metric_is_found() -> None:
    assert asked_metrics("rate(iamis_x_total[5m]) > iamis_y_seconds_bucket") == {
        "iamis_x_total",
        "iamis_y_seconds",
    }


def test_every_copy_is_asked() -> None:
    read = yaml.safe_load((PROMETHEUS / "prometheus.yml").read_text(encoding="utf-8"))
    asked = {job["job_name"]: job for job in read["scrape_configs"]}
    behind = {name for name in service_names() if not load_service(name).public}
    names = {
        job: set(asked[job]["dns_sd_configs"][0]["names"]) for job in ("web", "gateway", "worker")
    }
    assert names == {
        "web": behind,
        "gateway": {name for name in service_names() if load_service(name).public},
        "worker": {f"{name}-worker" for name in service_names()},
    }
