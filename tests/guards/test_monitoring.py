"""What Prometheus is to ask and Grafana to show is there."""

import json
import re
from pathlib import Path

import yaml

from shared.bus.tools import MOST_BYTES, MOST_MESSAGES
from shared.service import load_service, service_names
from tests.guards.tree import ROOT, SOURCES, files

PROMETHEUS = ROOT / "deploy" / "prometheus"
DASHBOARDS = ROOT / "deploy" / "grafana" / "dashboards"
ASKED = re.compile(r"\b(iamis_\w+?)(?:_bucket|_sum|_count)?\b(?!\w)")
DEFINED = re.compile(r"\"(iamis_[a-z_]+)\"")


def defined_metrics() -> set[str]:
    sources = files(ROOT, SOURCES, ".py")
    return {name for path in sources for name in DEFINED.findall(path.read_text(encoding="utf-8"))}


def asked_metrics(text: str) -> set[str]:
    return set(ASKED.findall(text))


def unknown_metrics(path: Path) -> set[str]:
    return asked_metrics(path.read_text(encoding="utf-8")) - defined_metrics()


def test_alerts_and_dashboards_ask_for_metrics_that_are_there() -> None:
    assert unknown_metrics(PROMETHEUS / "alerts.yml") == set()
    for path in DASHBOARDS.glob("*.json"):
        assert unknown_metrics(path) == set()
        assert json.loads(path.read_text(encoding="utf-8"))["panels"]


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


def test_an_unknown_metric_is_found() -> None:
    assert asked_metrics("rate(iamis_x_total[5m]) > iamis_y_seconds_bucket") == {
        "iamis_x_total",
        "iamis_y_seconds",
    }


def test_every_copy_is_asked() -> None:
    read = yaml.safe_load((PROMETHEUS / "prometheus.yml").read_text(encoding="utf-8"))
    asked = {job["job_name"]: job for job in read["scrape_configs"]}
    behind = {name for name in service_names() if not load_service(name).public}
    names = {job: set(asked[job]["dns_sd_configs"][0]["names"]) for job in ("web", "worker")}
    assert names == {
        "web": behind,
        "worker": {f"{name}-worker" for name in service_names()},
    }
